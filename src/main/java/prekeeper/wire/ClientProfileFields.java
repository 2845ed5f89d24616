package prekeeper.wire;

import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;

/**
 * The fields of a Client Profile while it is read: they come in any order, none twice, and an unknown one ends the reading
 * since its length cannot be known.
 */
final class ClientProfileFields {
    private static final int OWNER = 1;
    private static final int LONG_TERM_KEY = 2;
    private static final int FORGING_KEY = 3;
    private static final int VERSIONS = 4;
    private static final int EXPIRATION = 5;
    private static final int DSA_KEY = 6;
    private static final int TRANSITIONAL_SIGNATURE = 7;

    private static final int REQUIRED = 5;
    private static final int MOST = 7;
    private static final int MOST_VERSIONS = 16;
    private static final int TRANSITIONAL_SIGNATURE_BYTES = 40;
    private static final Pattern ALLOWED_VERSIONS = Pattern.compile("[0-9]{1," + MOST_VERSIONS + "}");

    private final SortedMap<Integer, Bytes> encoded = new TreeMap<>();
    private Optional<InstanceTag> owner = Optional.empty();
    private Optional<Point> longTermKey = Optional.empty();
    private Optional<Point> forgingKey = Optional.empty();
    private Optional<String> versions = Optional.empty();
    private Optional<Instant> expires = Optional.empty();
    private Optional<DsaPublicKey> dsaKey = Optional.empty();
    private Optional<Bytes> transitionalSignature = Optional.empty();

    private ClientProfileFields() {}

    static ClientProfileFields read(WireReader in) throws MalformedMessageException {
        int count = in.int32();
        if (Integer.compareUnsigned(count, MOST) > 0) {
            throw new MalformedMessageException(
                    "client profile of " + Integer.toUnsignedString(count) + " fields, at most " + MOST + " allowed");
        }
        ClientProfileFields fields = new ClientProfileFields();
        for (int read = 0; read < count; read++) {
            fields.readField(in);
        }
        for (int type = 1; type <= REQUIRED; type++) {
            if (!fields.encoded.containsKey(type)) {
                throw new MalformedMessageException("client profile without its field " + type);
            }
        }
        return fields;
    }

    static Bytes encode(
            Draft draft, InstanceTag owner, Point longTermKey, Point forgingKey, String versions, Instant expires) {
        if (!ALLOWED_VERSIONS.matcher(versions).matches()) {
            throw new IllegalArgumentException("versions of a client profile are 1 to " + MOST_VERSIONS + " digits");
        }
        return new WireWriter(draft)
                .int32(REQUIRED)
                .uint16(OWNER)
                .instanceTag(owner)
                .uint16(LONG_TERM_KEY)
                .key(KeyType.PUBLIC, longTermKey)
                .uint16(FORGING_KEY)
                .key(KeyType.FORGING, forgingKey)
                .uint16(VERSIONS)
                .versions(versions)
                .uint16(EXPIRATION)
                .time(expires)
                .toBytes();
    }

    InstanceTag owner() {
        return owner.orElseThrow();
    }

    Point longTermKey() {
        return longTermKey.orElseThrow();
    }

    Point forgingKey() {
        return forgingKey.orElseThrow();
    }

    String versions() {
        return versions.orElseThrow();
    }

    Instant expires() {
        return expires.orElseThrow();
    }

    Optional<DsaPublicKey> dsaKey() {
        return dsaKey;
    }

    Optional<Bytes> transitionalSignature() {
        return transitionalSignature;
    }

    Bytes transitionallySignedPart() {
        return encoded.headMap(TRANSITIONAL_SIGNATURE).values().stream().reduce(Bytes.EMPTY, Bytes::concat);
    }

    private void readField(WireReader in) throws MalformedMessageException {
        int start = in.position();
        int type = in.uint16();
        switch (type) {
            case OWNER -> owner = Optional.of(in.instanceTag());
            case LONG_TERM_KEY -> longTermKey = Optional.of(in.key(KeyType.PUBLIC));
            case FORGING_KEY -> forgingKey = Optional.of(in.key(KeyType.FORGING));
            case VERSIONS -> versions = Optional.of(readVersions(in));
            case EXPIRATION -> expires = Optional.of(in.time());
            case DSA_KEY -> dsaKey = Optional.of(DsaPublicKey.read(in));
            case TRANSITIONAL_SIGNATURE -> transitionalSignature = Optional.of(in.fixed(TRANSITIONAL_SIGNATURE_BYTES));
            default ->
                throw new MalformedMessageException(
                        "client profile with a field " + type + ", 1 to " + MOST + " are known");
        }
        if (encoded.putIfAbsent(type, in.since(start)) != null) {
            throw new MalformedMessageException("client profile with two fields " + type);
        }
    }

    private static String readVersions(WireReader in) throws MalformedMessageException {
        String versions = in.versions(MOST_VERSIONS);
        if (!ALLOWED_VERSIONS.matcher(versions).matches()) {
            throw new MalformedMessageException(
                    "versions of a client profile that are not 1 to " + MOST_VERSIONS + " digits");
        }
        return versions;
    }
}
