package prekeeper.wire;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhGroup;
import prekeeper.crypto.DhProof;
import prekeeper.crypto.EcdhProof;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.Point;
import prekeeper.crypto.RingSignature;

/**
 * Takes the data types of the protocol off a message, front to back (docs/protocol.md, "Data types"). Every length is
 * read unsigned and compared with its bound and with what is left before anything is allocated.
 */
final class WireReader {
    static final int PROTOCOL_VERSION = 4;
    static final int SIGNATURE_BYTES = 114;
    /** RFC 7622: three parts of 1023 bytes, "@" and "/". */
    static final int MOST_IDENTITY_BYTES = 3071;

    private final Bytes bytes;
    private Optional<Draft> draft;
    private int position;

    /** Reads a message whose first key tells its draft. */
    WireReader(Bytes bytes) {
        this.bytes = bytes;
        this.draft = Optional.empty();
    }

    /** Reads a message of a known draft; a key in another draft's encoding is malformed. */
    WireReader(Bytes bytes, Draft draft) {
        this.bytes = bytes;
        this.draft = Optional.of(draft);
    }

    /**
     * The draft of this message.
     *
     * @throws IllegalStateException when it was not given and no key was read yet
     */
    Draft draft() {
        return draft.orElseThrow(() -> new IllegalStateException("no key was read yet"));
    }

    int position() {
        return position;
    }

    /** What was read from {@code start}, a former {@link #position()}, until now. */
    Bytes since(int start) {
        return bytes.slice(start, position);
    }

    /** Protocol version and message type, which begin every message. */
    MessageType header() throws MalformedMessageException {
        int version = uint16();
        if (version != PROTOCOL_VERSION) {
            throw new UnsupportedVersionException(version);
        }
        return MessageType.of(uint8());
    }

    /** {@link #header()} where only one type may stand. */
    void expect(MessageType expected) throws MalformedMessageException {
        MessageType found = header();
        if (found != expected) {
            throw new MalformedMessageException(
                    String.format("message type %02x, only %02x allowed here", found.code(), expected.code()));
        }
    }

    /** BYTE. */
    int uint8() throws MalformedMessageException {
        return bytes.at(advance(1));
    }

    /** SHORT. */
    int uint16() throws MalformedMessageException {
        return (int) bigEndian(2);
    }

    /** INT: unsigned, in a signed Java int. */
    int int32() throws MalformedMessageException {
        return (int) bigEndian(4);
    }

    /** LONG of Unix seconds; what {@link Instant} cannot hold becomes its first or last value. */
    Instant time() throws MalformedMessageException {
        long seconds = bigEndian(8);
        if (seconds > Instant.MAX.getEpochSecond()) {
            return Instant.MAX;
        }
        return seconds < Instant.MIN.getEpochSecond() ? Instant.MIN : Instant.ofEpochSecond(seconds);
    }

    /** So many bytes. */
    Bytes fixed(int length) throws MalformedMessageException {
        int from = advance(length);
        return bytes.slice(from, from + length);
    }

    /** DATA of at most {@code most} bytes. */
    Bytes data(int most) throws MalformedMessageException {
        int length = int32();
        if (Integer.compareUnsigned(length, most) > 0) {
            throw new MalformedMessageException(
                    "length of " + Integer.toUnsignedString(length) + " bytes, at most " + most + " allowed here");
        }
        return fixed(length);
    }

    /** DATA of at most {@code most} bytes that is UTF-8. Exactly one encoding yields each string. */
    String text(int most) throws MalformedMessageException {
        Bytes data = data(most);
        try {
            return StandardCharsets.UTF_8
                    .newDecoder() // which reports, where new String would replace
                    .decode(ByteBuffer.wrap(data.toByteArray()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedMessageException("text of " + data.length() + " bytes is not UTF-8");
        }
    }

    /** DATA of at most {@code most} bytes, one char a byte: OTR versions, which are ASCII digits where they mean something. */
    String versions(int most) throws MalformedMessageException {
        return new String(data(most).toByteArray(), StandardCharsets.ISO_8859_1);
    }

    /** MPI of at most {@code mostBytes}, without leading zero bytes. */
    BigInteger mpi(int mostBytes) throws MalformedMessageException {
        Bytes magnitude = data(mostBytes);
        if (magnitude.length() > 0 && magnitude.at(0) == 0) {
            throw new MalformedMessageException("mpi with a leading zero byte");
        }
        return new BigInteger(1, magnitude.toByteArray());
    }

    /** POINT. Nothing but its length is checked. */
    Point point() throws MalformedMessageException {
        return new Point(fixed(Point.BYTES));
    }

    /** MAC. */
    Bytes mac() throws MalformedMessageException {
        return fixed(Kdf.BYTES);
    }

    /** INT that names a device. */
    InstanceTag instanceTag() throws MalformedMessageException {
        int value = int32();
        try {
            return new InstanceTag(value);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }

    /** A key type, which must be {@code type} in this message's draft, and a POINT. The first one tells the draft. */
    Point key(KeyType type) throws MalformedMessageException {
        int found = uint16();
        Optional<Draft> of = Draft.ofKeyType(type, found);
        if (of.isEmpty() || (draft.isPresent() && !draft.equals(of))) {
            throw new MalformedMessageException(String.format(
                    "key type %04x, %s expected",
                    found,
                    draft.map(d -> String.format("%04x", d.keyType(type))).orElse(type.name())));
        }
        draft = of;
        return point();
    }

    /** RING-SIG. */
    RingSignature ringSignature() throws MalformedMessageException {
        return new RingSignature(fixed(RingSignature.bytes(draft().suite())));
    }

    EcdhProof ecdhProof() throws MalformedMessageException {
        return new EcdhProof(
                fixed(EcdhProof.CHALLENGE_BYTES), fixed(draft().suite().scalarBytes()));
    }

    /** A DH proof; its response is below the order of the group, so that checking it has a bounded cost. */
    DhProof dhProof() throws MalformedMessageException {
        Bytes c = fixed(EcdhProof.CHALLENGE_BYTES);
        BigInteger v = mpi(DhGroup.BYTES);
        if (v.compareTo(DhGroup.Q) >= 0) {
            throw new MalformedMessageException("dh proof whose response is not below the order of the group");
        }
        return new DhProof(c, v);
    }

    /** BYTE that says whether an optional part follows: 1 or 0. */
    boolean flag() throws MalformedMessageException {
        int value = uint8();
        if (value > 1) {
            throw new MalformedMessageException("count of " + value + ", at most 1 allowed here");
        }
        return value == 1;
    }

    /** L of a Prekey Ensemble Retrieval message, whose length is the draft's. */
    int ensembleCount() throws MalformedMessageException {
        long count = bigEndian(draft().ensembleCountBytes()) & 0xFFFF_FFFFL;
        if (count > draft().mostEnsembles()) {
            throw new MalformedMessageException(
                    "count of " + count + " ensembles, at most " + draft().mostEnsembles() + " allowed here");
        }
        return (int) count;
    }

    /** Refuses trailing bytes: they would be a second encoding of the same message. */
    void finish() throws MalformedMessageException {
        if (position != bytes.length()) {
            throw new MalformedMessageException((bytes.length() - position) + " bytes after the end of the message");
        }
    }

    private long bigEndian(int length) throws MalformedMessageException {
        long value = 0;
        for (int at = advance(length); at < position; at++) {
            value = (value << 8) | bytes.at(at);
        }
        return value;
    }

    /** Where the next {@code length} bytes begin, once it is known that they are there. */
    private int advance(int length) throws MalformedMessageException {
        int left = bytes.length() - position;
        if (length > left) {
            throw new MalformedMessageException("message ends early: " + left + " bytes left, " + length + " expected");
        }
        int from = position;
        position += length;
        return from;
    }
}
