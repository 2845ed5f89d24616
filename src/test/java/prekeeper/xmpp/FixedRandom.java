package prekeeper.xmpp;

import java.security.SecureRandom;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import prekeeper.crypto.Bytes;

/** Gives out what a vector says first, and the same bytes in every run after that. */
final class FixedRandom extends SecureRandom {
    private static final long serialVersionUID = 1L;

    private final transient Queue<Bytes> script = new ArrayDeque<>();
    private final transient Random rest;

    FixedRandom(long seed) {
        rest = new Random(seed);
    }

    synchronized void next(Bytes bytes) {
        script.add(bytes);
    }

    @Override
    public synchronized void nextBytes(byte[] bytes) {
        Bytes scripted = script.poll();
        if (scripted == null) {
            rest.nextBytes(bytes);
            return;
        }
        if (scripted.length() != bytes.length) {
            throw new AssertionError(bytes.length + " random bytes asked for, the script has " + scripted.length());
        }
        System.arraycopy(scripted.toByteArray(), 0, bytes, 0, bytes.length);
    }
}
