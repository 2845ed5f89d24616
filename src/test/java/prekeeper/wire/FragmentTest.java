package prekeeper.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import prekeeper.Vectors;

class FragmentTest {
    private static final int ID = 0xdeadbeef;

    @ParameterizedTest
    @CsvSource(
            delimiter = ' ',
            value = {
                "?OTRP|1|2|3,1,1,x, ?OTRP|00000001|00000002|00000003,1,1,x,",
                "?OTRP|0000DEAD|ffffffff|0,2,3,AAQ=., ?OTRP|0000dead|ffffffff|00000000,2,3,AAQ=.,",
                "?OTRP|12345678|0000DEAD|0000BEEF,00001,65535,x, ?OTRP|12345678|0000dead|0000beef,1,65535,x,",
                "?OTRP|1|2|3,65535,65535,x, ?OTRP|00000001|00000002|00000003,65535,65535,x,",
            })
    void fragmentsAreReadAndPrinted(String text, String printed) throws MalformedMessageException {
        assertEquals(printed, Fragment.parse(text).encode());
        assertEquals(printed, Fragment.parse(" " + text + "\n").encode());
        assertTrue(Fragment.isFragment(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?OTRP|",
                "AAQR.",
                "?OTR|1|2|3,1,1,x,", // of a conversation, not for a prekey server
                "?otrp|1|2|3,1,1,x,",
                "?OTRP|123456789|2|3,1,1,x,", // nine digits
                "?OTRP|4241251196|0000DEAD|0000BEEF,1,3,x,", // decimal, as the Go server writes it
                "?OTRP||2|3,1,1,x,",
                "?OTRP|1|2,1,1,x,",
                "?OTRP|1|2|3|4,1,1,x,",
                "?OTRP|g|2|3,1,1,x,",
                "?OTRP|-1|2|3,1,1,x,",
                "?OTRP|0x1|2|3,1,1,x,",
                "?OTRP|1|2|3,0,1,x,",
                "?OTRP|1|2|3,0,0,x,",
                "?OTRP|1|2|3,1,0,x,",
                "?OTRP|1|2|3,2,1,x,",
                "?OTRP|1|2|3,1,65536,x,",
                "?OTRP|1|2|3,65536,65536,x,",
                "?OTRP|1|2|3,1,000001,x,",
                "?OTRP|1|2|3,-1,1,x,",
                "?OTRP|1|2|3,+1,1,x,",
                "?OTRP|1|2|3,a,b,x,",
                "?OTRP|1|2|3,\u0661,\u0661,x,", // arabic digits
                "?OTRP|1|2|3,1,1,,",
                "?OTRP|1|2|3,1,1,x",
                "?OTRP|1|2|3,1,1,x,y,",
                "?OTRP|1|2|3,1,1,x,?OTRP|1|2|3,1,1,x,"
            })
    void everythingElseIsMalformed(String text) {
        assertThrows(MalformedMessageException.class, () -> Fragment.parse(text));
    }

    @Test
    void everyTruncationIsRefused() {
        String text = new Fragment(ID, 256, 257, 10, 12, "AAQ1").encode();
        for (int length = 0; length < text.length(); length++) {
            String cut = text.substring(0, length);
            assertThrows(MalformedMessageException.class, () -> Fragment.parse(cut), cut);
        }
    }

    @Test
    void anyLimitCutsIntoPiecesThatJoinAgain() throws MalformedMessageException {
        String message = "AAQ1" + "x".repeat(300) + ".";
        for (int maxLength = 47; maxLength <= message.length() + 1; maxLength++) {
            List<Fragment> fragments = new ArrayList<>();
            for (String text : Fragment.split(message, ID, 256, 257, maxLength)) {
                assertTrue(text.length() <= maxLength, text);
                if (maxLength < message.length()) {
                    fragments.add(Fragment.parse(text));
                } else {
                    assertEquals(message, text);
                }
            }
            Collections.shuffle(fragments, new Random(maxLength));
            if (!fragments.isEmpty()) {
                assertEquals(message, Fragment.join(fragments));
            }
        }
    }

    @Test
    void limitsWithoutRoomForAPieceAndTooManyPiecesAreTheCallersMistake() {
        String message = "x".repeat(65_536);
        assertThrows(IllegalArgumentException.class, () -> Fragment.split(message, ID, 0, 0, 46));
        assertThrows(IllegalArgumentException.class, () -> Fragment.split(message, ID, 0, 0, 47));
        assertEquals(65_535, Fragment.split(message.substring(1), ID, 0, 0, 47).size());
    }

    @Test
    void onlyACompleteSetJoins() throws MalformedMessageException {
        Fragment first = new Fragment(ID, 1, 2, 1, 2, "a");
        Fragment second = new Fragment(ID, 1, 2, 2, 2, "b");
        assertEquals("ab", Fragment.join(List.of(second, first)));
        for (List<Fragment> wrong : List.of(
                List.<Fragment>of(),
                List.of(first),
                List.of(second),
                List.of(first, first),
                List.of(first, second, second),
                List.of(first, new Fragment(ID + 1, 1, 2, 2, 2, "b")),
                List.of(first, new Fragment(ID, 3, 2, 2, 2, "b")),
                List.of(first, new Fragment(ID, 1, 3, 2, 2, "b")),
                List.of(first, new Fragment(ID, 1, 2, 2, 3, "b")))) {
            assertThrows(MalformedMessageException.class, () -> Fragment.join(wrong), wrong::toString);
        }
    }

    @Test
    void fragmentsOfTheGoServerJoinOnceTheirIdIsShortEnough() throws MalformedMessageException {
        JsonObject vector =
                Vectors.matching("go-server.json").get("go-server.json").getAsJsonObject("fragmentation");
        List<Fragment> fragments = new ArrayList<>();
        for (JsonElement element : vector.getAsJsonArray("fragments")) {
            String text = element.getAsString();
            assertThrows(MalformedMessageException.class, () -> Fragment.parse(text));
            fragments.add(Fragment.parse(text.replace("|4241251196|", "|42412511|")));
        }
        assertEquals(vector.get("whole").getAsString(), Fragment.join(fragments));
    }

    @Test
    void numbersArePrintedInAsciiWhateverTheLocale() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-u-nu-arab"));
            assertEquals("?OTRP|deadbeef|00000100|00000101,12,34,x,", new Fragment(ID, 256, 257, 12, 34, "x").encode());
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void bodiesThatAreNoFragmentAreToldApart() {
        for (String body : List.of("", "?OTRP", "?OTR|1|2|3,1,1,x,", "hello", "x ?OTRP|1")) {
            assertFalse(Fragment.isFragment(body), body);
        }
    }
}
