package prekeeper.service;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import prekeeper.crypto.Bytes;

/** Gives out what a vector says first, and real randomness after that. */
final class ScriptedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Queue<Bytes> script = new ArrayDeque<>();

    void next(Bytes bytes) {
        script.add(bytes);
    }

    @Override
    public void nextBytes(byte[] bytes) {
        Bytes scripted = script.poll();
        if (scripted == null) {
            super.nextBytes(bytes);
            return;
        }
        if (scripted.length() != bytes.length) {
            throw new AssertionError(bytes.length + " random bytes asked for, the script has " + scripted.length());
        }
        System.arraycopy(scripted.toByteArray(), 0, bytes, 0, bytes.length);
    }
}
