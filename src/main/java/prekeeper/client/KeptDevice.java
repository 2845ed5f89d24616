package prekeeper.client;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhGroup;
import prekeeper.crypto.DhKeyPair;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.ClientProfile;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.PrekeyProfile;

/**
 * A device as it is kept ({@link PrekeyDevice#secrets()} has the encoding).
 *
 * @param profilesPublished whether a server has acknowledged both
 * @param unpublished identifiers of those of {@code oneTimeKeys} whose messages no server has acknowledged
 */
record KeptDevice(
        Ed448KeyPair longTerm,
        Ed448KeyPair forging,
        Ed448KeyPair sharedPrekey,
        ClientProfile clientProfile,
        PrekeyProfile prekeyProfile,
        boolean profilesPublished,
        List<OneTimeKeys> oneTimeKeys,
        List<Integer> unpublished) {
    private static final byte FORMAT = 1;
    private static final int KEY_BYTES = Ed448KeyPair.SYMMETRIC_KEY_BYTES;
    /** Of keys, at most: identifier, mark, symmetric key, and a secret with its length. */
    private static final int MOST_KEYS_BYTES = 4 + 1 + KEY_BYTES + 4 + DhGroup.BYTES;

    SecretBytes encode() {
        byte[] room = new byte
                [1
                        + 3 * KEY_BYTES
                        + 4
                        + clientProfile.encoded().length()
                        + 4
                        + prekeyProfile.encoded().length()
                        + 1
                        + 4
                        + oneTimeKeys.size() * MOST_KEYS_BYTES];
        ByteBuffer out = ByteBuffer.wrap(room).put(FORMAT);
        Stream.of(longTerm, forging, sharedPrekey).forEach(pair -> put(out, pair));
        put(out, clientProfile.encoded());
        put(out, prekeyProfile.encoded());
        out.put((byte) (profilesPublished ? 1 : 0)).putInt(oneTimeKeys.size());
        Set<Integer> waiting = new HashSet<>(unpublished);
        for (OneTimeKeys keys : oneTimeKeys) {
            out.putInt(keys.identifier()).put((byte) (waiting.contains(keys.identifier()) ? 0 : 1));
            put(out, keys.y());
            byte[] b = keys.b().secret().toByteArray();
            out.putInt(b.length).put(b);
            Arrays.fill(b, (byte) 0);
        }
        SecretBytes encoded = SecretBytes.adopt(Arrays.copyOf(room, out.position()));
        Arrays.fill(room, (byte) 0);
        return encoded;
    }

    static KeptDevice read(SecretBytes secrets, SecureRandom random) throws IOException {
        byte[] bytes = secrets.toByteArray();
        List<Ed448KeyPair> pairs = new ArrayList<>(); // all that are read, to be wiped should the rest be malformed
        boolean whole = false;
        try {
            KeptDevice kept = read(ByteBuffer.wrap(bytes), pairs, random);
            whole = true;
            return kept;
        } catch (BufferUnderflowException e) {
            throw new IOException("kept device of " + bytes.length + " bytes ends too early", e);
        } catch (MalformedMessageException e) {
            throw new IOException("kept device with a malformed profile", e);
        } finally {
            Arrays.fill(bytes, (byte) 0);
            if (!whole) {
                pairs.forEach(Ed448KeyPair::close);
            }
        }
    }

    private static KeptDevice read(ByteBuffer in, List<Ed448KeyPair> pairs, SecureRandom random)
            throws IOException, MalformedMessageException {
        require(in.get() == FORMAT, "kept device of an unknown format");
        Ed448KeyPair longTerm = pair(in, pairs);
        Ed448KeyPair forging = pair(in, pairs);
        Ed448KeyPair sharedPrekey = pair(in, pairs);
        ClientProfile clientProfile = ClientProfile.decode(data(in));
        PrekeyProfile prekeyProfile = PrekeyProfile.decode(data(in), clientProfile.draft());
        require(
                longTerm.publicKey().point().equals(clientProfile.longTermKey())
                        && forging.publicKey().point().equals(clientProfile.forgingKey())
                        && sharedPrekey.publicKey().point().equals(prekeyProfile.sharedPrekey())
                        && clientProfile.owner().equals(prekeyProfile.owner()),
                "kept device whose keys and profiles do not belong together");
        boolean profilesPublished = isMarked(in);
        int count = in.getInt();
        require(count >= 0, "kept device with a negative count");
        List<OneTimeKeys> oneTimeKeys = new ArrayList<>(); // grows with what is there, not with what the count says
        List<Integer> unpublished = new ArrayList<>();
        Set<Integer> identifiers = new HashSet<>();
        for (int read = 0; read < count; read++) {
            int identifier = in.getInt();
            require(identifiers.add(identifier), "kept device with one identifier twice");
            if (!isMarked(in)) {
                unpublished.add(identifier);
            }
            oneTimeKeys.add(new OneTimeKeys(identifier, pair(in, pairs), dhPair(in, random)));
        }
        require(!in.hasRemaining(), "kept device with bytes after its end");
        return new KeptDevice(
                longTerm,
                forging,
                sharedPrekey,
                clientProfile,
                prekeyProfile,
                profilesPublished,
                oneTimeKeys,
                unpublished);
    }

    private static void put(ByteBuffer out, Ed448KeyPair pair) {
        try (SecretBytes key = pair.symmetricKey()) {
            byte[] bytes = key.toByteArray();
            out.put(bytes);
            Arrays.fill(bytes, (byte) 0);
        }
    }

    private static void put(ByteBuffer out, Bytes data) {
        out.putInt(data.length()).put(data.toByteArray());
    }

    private static Ed448KeyPair pair(ByteBuffer in, List<Ed448KeyPair> pairs) {
        byte[] bytes = new byte[KEY_BYTES];
        in.get(bytes);
        try (SecretBytes key = SecretBytes.adopt(bytes)) {
            Ed448KeyPair pair = Ed448KeyPair.fromSymmetricKey(key);
            pairs.add(pair);
            return pair;
        }
    }

    private static DhKeyPair dhPair(ByteBuffer in, SecureRandom random) throws IOException {
        byte[] bytes = bytes(in);
        BigInteger secret = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(1, bytes);
        Arrays.fill(bytes, (byte) 0);
        require(
                secret.signum() > 0 && secret.compareTo(DhGroup.Q) < 0,
                "kept device with a secret that is none of the group");
        return DhKeyPair.fromSecret(secret, random);
    }

    private static boolean isMarked(ByteBuffer in) throws IOException {
        byte mark = in.get();
        require(mark == 0 || mark == 1, "kept device with an unknown mark");
        return mark == 1;
    }

    private static Bytes data(ByteBuffer in) throws IOException {
        return Bytes.of(bytes(in));
    }

    private static byte[] bytes(ByteBuffer in) throws IOException {
        int length = in.getInt();
        require(length >= 0 && length <= in.remaining(), "kept device that ends too early");
        byte[] bytes = new byte[length];
        in.get(bytes);
        return bytes;
    }

    private static void require(boolean holds, String otherwise) throws IOException {
        if (!holds) {
            throw new IOException(otherwise);
        }
    }

    /** The device's tag, never a secret. */
    @Override
    public String toString() {
        return "KeptDevice[" + clientProfile.owner() + "]";
    }
}
