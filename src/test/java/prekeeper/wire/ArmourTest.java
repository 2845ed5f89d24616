package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.crypto.Bytes;

class ArmourTest {
    @ParameterizedTest
    @CsvSource(
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "00042a,AAQq.",
                "00042a,AAQq",
                "00042a,  AAQq.  ",
                "0004,AAQ=.",
                "0004,AAQ.",
                "0004,AAQ=",
                "0004,AAQ",
                "00,AA==.",
                "00,AA.",
                "fbff,+/8=.",
                "'',.",
                "'',''"
            })
    void spellingsThatPeersUseAreRead(String hex, String text) throws MalformedMessageException {
        assertEquals(Bytes.fromHex(hex), Armour.decode(text, 100));
        assertEquals(Bytes.fromHex(hex), Armour.decode("\r\n\t" + text + "\n", 100));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "A.", // six bits
                "AAAAA.",
                "AA=.", // padding cut short
                "AA===.",
                "=.",
                "AAQR.AAQR.", // two messages
                "AAQR..",
                "AAQR .",
                "AA QR.",
                "AA\nQR.",
                "-_8=.", // base64url
                "AAR.", // stray bits behind the last byte
                "AB==.",
                "hello, world.",
                "\u0660AQR.",
                "?OTRP|1|1|1,1,1,AAQR.,"
            })
    void otherSpellingsAreMalformed(String text) {
        assertThrows(MalformedMessageException.class, () -> Armour.decode(text, 100));
    }

    @Test
    void moreBytesThanAllowedAreRefusedBeforeTheyAreDecoded() throws MalformedMessageException {
        for (int length = 0; length < 50; length++) {
            String text = Armour.encode(Bytes.of(new byte[length]));
            assertEquals(length, Armour.decode(text, length).length());
            if (length > 0) {
                int most = length - 1;
                TooLargeException e = assertThrows(TooLargeException.class, () -> Armour.decode(text, most));
                assertEquals(most, e.mostBytes());
            }
        }
        assertThrows(TooLargeException.class, () -> Armour.decode("!".repeat(1000), 100));
    }

    @Test
    void bodiesThatAreNoMessageAreToldApart() {
        for (Sample sample : Sample.all()) {
            if (sample.encoded().slice(0, 2).equals(Bytes.fromHex("0004"))) {
                assertTrue(Armour.isArmoured(" " + Armour.encode(sample.encoded()) + "\n"), sample.name());
            }
        }
        for (String body : new String[] {
            "",
            ".",
            "Yes.",
            "AAAAA.",
            "See you tomorrow.",
            "AAQ1Ekwrzasdflkj",
            "?OTRv4? hello.",
            "?OTR:AAQ1Ekwrzasdflkj."
        }) {
            assertFalse(Armour.isArmoured(body), body);
        }
    }

    @Test
    void randomTextNeverThrowsAnythingElse() {
        String alphabet = "AQz09+/=. \n,-_é";
        Random random = new Random(3);
        for (int round = 0; round < 50_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(12); left > 0; left--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                assertTrue(Armour.decode(text.toString(), 5).length() <= 5);
            } catch (MalformedMessageException expected) {
                assertFalse(expected.getMessage().isEmpty());
            }
        }
    }
}
