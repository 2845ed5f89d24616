package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.Vectors;
import prekeeper.crypto.Bytes;

/** What holds of every message of every vector, whatever it says. */
class CodecTest {
    private static final List<Sample> SAMPLES = Sample.all();

    /** Reasons of refused vectors that are seen from the form alone. */
    private static final Set<String> FORM = Set.of(
            "wrong version 3",
            "version 5 is not known",
            "truncated by one byte",
            "trailing byte",
            "header only",
            "instance tag below 0x100",
            "duplicate field",
            "missing forging key",
            "unknown field type",
            "huge field count",
            "huge versions length");

    static List<Sample> samples() {
        return SAMPLES;
    }

    @ParameterizedTest
    @MethodSource("samples")
    void whatDecodesEncodesToTheSameBytes(Sample sample) throws MalformedMessageException {
        assertEquals(sample.encoded(), sample.codec().again(sample.encoded()));
        String armoured = Armour.encode(sample.encoded());
        assertEquals(sample.encoded(), Armour.decode(armoured, sample.encoded().length()));
    }

    @ParameterizedTest
    @MethodSource("samples")
    void everyTruncationIsRefused(Sample sample) {
        for (int length = 0; length < sample.encoded().length(); length++) {
            assertRefused(sample, sample.encoded().slice(0, length));
        }
    }

    @ParameterizedTest
    @MethodSource("samples")
    void trailingBytesAreRefused(Sample sample) {
        assertRefused(sample, sample.encoded().concat(Bytes.of((byte) 0)));
        assertRefused(sample, sample.encoded().concat(sample.encoded()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused-spec.json", "refused-deployed.json"})
    void everyRefusedDake1OfBadFormIsMalformed(String file) {
        Set<String> seen = new TreeSet<>();
        for (JsonElement element : Vectors.matching(file).get(file).getAsJsonArray("rows")) {
            JsonObject row = element.getAsJsonObject();
            String reason = row.get("reason").getAsString();
            if (row.get("step").getAsString().equals("dake1") && FORM.contains(reason)) {
                seen.add(reason);
                Bytes message = Sample.armoured(row, "message");
                assertThrows(MalformedMessageException.class, () -> Dake1.decode(message), reason);
            }
        }
        assertEquals(new TreeSet<>(FORM), seen);
    }

    @ParameterizedTest
    @ValueSource(strings = {"refused-spec.json", "refused-deployed.json"})
    void everyRefusedDake1OfGoodFormIsLeftToOthers(String file) throws MalformedMessageException {
        for (JsonElement element : Vectors.matching(file).get(file).getAsJsonArray("rows")) {
            JsonObject row = element.getAsJsonObject();
            boolean form = FORM.contains(row.get("reason").getAsString());
            if (row.get("step").getAsString().equals("dake1") && !form) {
                Bytes message = Sample.armoured(row, "message");
                assertEquals(message, Dake1.decode(message).encode());
            }
        }
    }

    @Test
    void anotherProtocolVersionIsToldApart() {
        for (Sample sample : SAMPLES) {
            if (sample.encoded().slice(0, 2).equals(Bytes.fromHex("0004"))) {
                Bytes three = Bytes.fromHex("0003")
                        .concat(sample.encoded().slice(2, sample.encoded().length()));
                assertThrows(
                        UnsupportedVersionException.class, () -> sample.codec().again(three), sample.name());
            }
        }
    }

    @Test
    void flippedBitsNeverThrowAnythingElse() {
        Random random = new Random(1);
        for (int round = 0; round < 60_000; round++) {
            Sample sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
            byte[] bytes = sample.encoded().toByteArray();
            // half of the flips where the lengths and types are
            int within = random.nextBoolean() ? bytes.length : Math.min(bytes.length, 64);
            for (int flips = 1 + random.nextInt(3); flips > 0; flips--) {
                bytes[random.nextInt(within)] ^= (byte) (1 << random.nextInt(8));
            }
            assertMalformedOrCanonical(sample, Bytes.of(bytes));
        }
    }

    @Test
    void randomBytesNeverThrowAnythingElse() {
        Random random = new Random(2);
        for (int round = 0; round < 60_000; round++) {
            Sample sample = SAMPLES.get(random.nextInt(SAMPLES.size()));
            byte[] noise = new byte[random.nextInt(600)];
            random.nextBytes(noise);
            int kept = random.nextInt(Math.min(sample.encoded().length(), 16));
            assertMalformedOrCanonical(sample, sample.encoded().slice(0, kept).concat(Bytes.of(noise)));
        }
    }

    @Test
    void hugeLengthsDoNotAllocate() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        Sample sample = SAMPLES.stream()
                .filter(s -> s.name().endsWith("4 prekey messages, inner"))
                .findFirst()
                .orElseThrow();
        for (Bytes huge : List.of(Bytes.fromHex("ffffffff"), Bytes.fromHex("7fffffff"), Bytes.fromHex("01000000"))) {
            for (int at = 0; at + 4 <= sample.encoded().length(); at++) {
                Bytes bytes = sample.encoded()
                        .slice(0, at)
                        .concat(huge)
                        .concat(sample.encoded().slice(at + 4, sample.encoded().length()));
                long before = threads.getCurrentThreadAllocatedBytes();
                assertMalformedOrCanonical(sample, bytes);
                long allocated = threads.getCurrentThreadAllocatedBytes() - before;
                assertTrue(allocated < 1 << 20, () -> allocated + " bytes allocated");
            }
        }
    }

    private static void assertRefused(Sample sample, Bytes bytes) {
        assertThrows(
                MalformedMessageException.class,
                () -> sample.codec().again(bytes),
                () -> bytes.length() + " bytes of " + sample);
    }

    private static void assertMalformedOrCanonical(Sample sample, Bytes bytes) {
        try {
            assertEquals(bytes, sample.codec().again(bytes));
        } catch (MalformedMessageException expected) {
            assertTrue(expected.getMessage().length() > 5);
        } catch (RuntimeException e) {
            throw new AssertionError(sample + " as " + bytes, e);
        }
    }
}
