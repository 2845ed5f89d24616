package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.crypto.Bytes;

/** Fingerprints that people copy, and tags that devices draw. */
class NamesForPeopleTest {
    private static final Fingerprint FINGERPRINT = new Fingerprint(Bytes.fromHex("0123456789abcdef".repeat(7)));

    @Test
    void aFingerprintIsReadAsItIsWritten() {
        assertEquals(FINGERPRINT, Fingerprint.parse(FINGERPRINT.toHex()));
        assertEquals(FINGERPRINT, Fingerprint.parse("  " + FINGERPRINT + "\n"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0123", "no fingerprint"})
    void whatIsNoFingerprintIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Fingerprint.parse(text));
        assertThrows(IllegalArgumentException.class, () -> Fingerprint.parse(FINGERPRINT.toHex() + text + "0"));
    }

    @Test
    void aRandomTagIsNeverOneThatNamesNoDevice() {
        Random random = new Random() {
            private int next = -2;

            @Override
            public int nextInt() {
                return next++ * 0x80;
            }
        };
        assertEquals(
                Stream.of(0xffffff00, 0xffffff80, 0x100, 0x180)
                        .map(InstanceTag::new)
                        .toList(),
                Stream.generate(() -> InstanceTag.random(random)).limit(4).toList());
        assertTrue(Integer.compareUnsigned(InstanceTag.random(new Random()).value(), InstanceTag.LEAST) >= 0);
    }
}
