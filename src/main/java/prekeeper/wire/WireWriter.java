package prekeeper.wire;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Optional;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.DhProof;
import prekeeper.crypto.EcdhProof;
import prekeeper.crypto.Kdf;
import prekeeper.crypto.Point;

/**
 * Mirrors {@link WireReader}. What no encoding exists for is a mistake of the caller: {@link IllegalArgumentException}.
 */
final class WireWriter {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final Optional<Draft> draft;

    /** Writes what all drafts encode alike. */
    WireWriter() {
        this.draft = Optional.empty();
    }

    WireWriter(Draft draft) {
        this.draft = Optional.of(draft);
    }

    WireWriter header(MessageType type) {
        return uint16(WireReader.PROTOCOL_VERSION).uint8(type.code());
    }

    WireWriter uint8(int value) {
        return bigEndian(value, 1);
    }

    WireWriter uint16(int value) {
        return bigEndian(value, 2);
    }

    WireWriter int32(int value) {
        return bigEndian(Integer.toUnsignedLong(value), 4);
    }

    WireWriter time(Instant time) {
        return bigEndian(time.getEpochSecond(), 8);
    }

    /** Bytes that need no length before them. */
    WireWriter fixed(Bytes bytes) {
        out.writeBytes(bytes.toByteArray());
        return this;
    }

    WireWriter data(Bytes bytes) {
        return int32(bytes.length()).fixed(bytes);
    }

    WireWriter text(String text) {
        try {
            ByteBuffer utf8 = StandardCharsets.UTF_8
                    .newEncoder() // which reports, where String.getBytes would replace
                    .encode(CharBuffer.wrap(text));
            byte[] bytes = new byte[utf8.remaining()];
            utf8.get(bytes);
            return data(Bytes.of(bytes));
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("a text with half a surrogate pair has no UTF-8 encoding", e);
        }
    }

    WireWriter versions(String versions) {
        return data(Bytes.of(versions.getBytes(StandardCharsets.ISO_8859_1)));
    }

    WireWriter mpi(BigInteger value) {
        if (value.signum() < 0) {
            throw new IllegalArgumentException("a negative number has no mpi encoding");
        }
        if (value.signum() == 0) {
            return data(Bytes.EMPTY);
        }
        Bytes signed = Bytes.of(value.toByteArray());
        return data(signed.at(0) == 0 ? signed.slice(1, signed.length()) : signed);
    }

    WireWriter point(Point point) {
        return fixed(point.encoded());
    }

    WireWriter mac(Bytes mac) {
        if (mac.length() != Kdf.BYTES) {
            throw new IllegalArgumentException("mac of " + mac.length() + " bytes, " + Kdf.BYTES + " expected");
        }
        return fixed(mac);
    }

    WireWriter instanceTag(InstanceTag tag) {
        return int32(tag.value());
    }

    WireWriter key(KeyType type, Point point) {
        return uint16(draft.orElseThrow().keyType(type)).point(point);
    }

    WireWriter ecdhProof(EcdhProof proof) {
        return fixed(proof.c()).fixed(proof.v());
    }

    WireWriter dhProof(DhProof proof) {
        return fixed(proof.c()).mpi(proof.v());
    }

    WireWriter flag(boolean follows) {
        return uint8(follows ? 1 : 0);
    }

    WireWriter ensembleCount(int count) {
        if (count > draft.orElseThrow().mostEnsembles()) {
            throw new IllegalArgumentException("count of " + count + " ensembles, at most "
                    + draft.orElseThrow().mostEnsembles() + " have an encoding in this draft");
        }
        return bigEndian(count, draft.orElseThrow().ensembleCountBytes());
    }

    Bytes toBytes() {
        return Bytes.of(out.toByteArray());
    }

    private WireWriter bigEndian(long value, int length) {
        for (int shift = 8 * (length - 1); shift >= 0; shift -= 8) {
            out.write((int) (value >>> shift));
        }
        return this;
    }
}
