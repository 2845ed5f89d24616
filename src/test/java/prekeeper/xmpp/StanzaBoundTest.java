package prekeeper.xmpp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.Writer;
import java.util.List;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.dom4j.Element;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class StanzaBoundTest {
    private static final int MOST_CHARS = 200_000;
    private static final String OPENING = "<?xml version='1.0'?><stream:stream xmlns='jabber:component:accept'"
            + " xmlns:stream='http://etherx.jabber.org/streams' id='1'>";
    private static final String CLOSING = "</stream:stream>";
    private static final String LARGE = "<too-large xmlns='prekeeper:stanza'/>";
    private static final String COMPLEX = "<too-complex xmlns='prekeeper:stanza'/>";
    private static final String NEXT = "<message from='a@b' to='c'><body>next</body></message>";

    /** Gives what it reads in pieces of random size, as a network does. */
    private static final class InPieces extends Reader {
        private final Reader in;
        private final Random random;

        InPieces(String text, Random random) {
            this.in = new StringReader(text);
            this.random = random;
        }

        @Override
        public int read(char[] buffer, int offset, int length) throws IOException {
            return in.read(buffer, offset, Math.min(length, 1 + random.nextInt(random.nextBoolean() ? 3 : 500)));
        }

        @Override
        public void close() {}
    }

    private static String bound(String xml, int mostChars) {
        return bound(new StringReader(xml), mostChars);
    }

    private static String bound(Reader xml, int mostChars) {
        StringWriter out = new StringWriter();
        try (Reader bounded = new StanzaBound(xml, mostChars)) {
            bounded.transferTo(out);
        } catch (IOException e) {
            throw new AssertionError(e);
        }
        return out.toString();
    }

    /** What comes of {@code stanza} between the beginning of the stream and {@link #NEXT}. */
    private static String stanza(String stanza) {
        String out = bound(OPENING + stanza + NEXT + CLOSING, MOST_CHARS);
        assertTrue(out.startsWith(OPENING) && out.endsWith(NEXT + CLOSING), out);
        assertWellFormed(out);
        return out.substring(OPENING.length(), out.length() - (NEXT + CLOSING).length());
    }

    private static Element assertWellFormed(String xml) {
        return Stanzas.parse(xml);
    }

    private static String repeat(int times, IntFunction<String> part) {
        return IntStream.range(0, times).mapToObj(part).collect(Collectors.joining());
    }

    /** Makes well-formed XML of all that may stand in a stream. */
    private record Streams(Random random) {
        String stream(int stanzas) {
            return OPENING + repeat(stanzas, i -> pick("", "", " ", "\n", "<!-- > -->") + element(3)) + CLOSING;
        }

        String element(int levels) {
            String name = pick("a", "message", "iq", "x:y", "long-name-of-an-element");
            String tag = "<" + name + (name.startsWith("x:") ? " xmlns:x='u'" : "")
                    + repeat(random.nextInt(4), i -> pick(" ", "\n ") + "a" + i + pick("=", " = ") + value())
                    + pick("", " ");
            return random.nextInt(4) == 0
                    ? tag + "/>"
                    : tag + ">" + repeat(random.nextInt(5), i -> content(levels)) + "</" + name + pick("", " ") + ">";
        }

        private String content(int levels) {
            return levels > 0 && random.nextInt(3) == 0
                    ? element(levels - 1)
                    : pick(
                            "text",
                            ">",
                            "'\"/",
                            "&amp;",
                            "&#x1F600;",
                            "\uD83D\uDE00",
                            "\u00e4=\u20ac",
                            "<![CDATA[<a>]]]>",
                            "<![CDATA[]]>",
                            "<!---->",
                            "<!-- </a> <b c='> -->",
                            "<?pi <a> ?? > ?>",
                            "a much longer text than all the others are, of more than fifty characters");
        }

        private String value() {
            return pick("''", "\"\"", "'>'", "\"'/>\"", "'\"'", "'&lt;=&gt;'", "'/a>'", "'value'", "\"x y = z\"");
        }

        private String pick(String... choices) {
            return choices[random.nextInt(choices.length)];
        }
    }

    @Test
    void whatIsWithinTheBoundsPassesUnchangedHoweverItComes() {
        for (int seed = 0; seed < 200; seed++) {
            Random random = new Random(seed);
            String xml = new Streams(random).stream(5);
            assertWellFormed(xml);
            assertEquals(xml, bound(new InPieces(xml, random), MOST_CHARS), "seed " + seed);
        }
    }

    @Test
    void whatIsPastThemStaysWellFormedIsBoundedAndSaysSo() {
        for (int seed = 0; seed < 500; seed++) {
            Random random = new Random(seed);
            String xml = new Streams(random).stream(5);
            int most = OPENING.length() + random.nextInt(100);
            String out = bound(new InPieces(xml, random), most);
            assertEquals(bound(xml, most), out, "seed " + seed);
            List<Element> before = assertWellFormed(xml).elements();
            List<Element> after = assertWellFormed(out).elements();
            assertEquals(before.size(), after.size(), "seed " + seed);
            for (int i = 0; i < before.size(); i++) {
                String stanza = before.get(i).asXML();
                String bounded = after.get(i).asXML();
                if (isMarked(after.get(i))) {
                    assertTrue(bounded.length() <= 2 * (most + COMPLEX.length()) + 200, bounded);
                } else {
                    assertEquals(stanza, bounded, "seed " + seed);
                }
            }
        }
    }

    private static boolean isMarked(Element stanza) {
        return stanza.getNamespaceURI().equals("prekeeper:stanza")
                || StanzaBound.isTooLarge(stanza)
                || StanzaBound.isTooComplex(stanza);
    }

    @Test
    void everyBoundIsSharp() {
        String text = "x".repeat(MOST_CHARS - "<m>".length());
        assertEquals("<m>" + text + "</m>", stanza("<m>" + text + "</m>"));
        assertEquals("<m>" + text + LARGE + "</m>", stanza("<m>" + text + "y</m>"));
        assertEquals("<m>" + text + LARGE + "</m>", stanza("<m>" + text + "<y/></m>"));

        String parts = "<a b=''/>".repeat((Admission.MOST_PARTS - 1) / 2);
        assertEquals("<m>" + parts + "</m>", stanza("<m>" + parts + "</m>"));
        assertEquals("<m>" + parts + COMPLEX + "</m>", stanza("<m>" + parts + "<c d=''/></m>"));

        String deep = "<a>".repeat(Admission.MOST_DEPTH);
        String end = "</a>".repeat(Admission.MOST_DEPTH);
        assertEquals("<m>" + deep + end + "</m>", stanza("<m>" + deep + end + "</m>"));
        assertEquals("<m>" + deep + end + COMPLEX + "</m>", stanza("<m>" + deep + "<b>c</b>" + end + "</m>"));

        String value = "v".repeat(StanzaBound.MOST_MARKUP_CHARS - "<a b=''/>".length());
        assertEquals("<m><a b='" + value + "'/></m>", stanza("<m><a b='" + value + "'/></m>"));
        assertEquals("<m>" + LARGE + "</m>", stanza("<m><a b='" + value + "v'/></m>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"&amp;", "&#x1F600;", "\uD83D\uDE00"})
    void whatBelongsTogetherIsNotCut(String together) {
        for (int room = 0; room <= together.length(); room++) {
            String text = "x".repeat(MOST_CHARS - "<m>".length() - room);
            String out = stanza("<m>" + text + together + "more</m>");
            String rest = out.substring("<m>".length() + text.length());
            assertTrue(List.of(LARGE + "</m>", together + LARGE + "</m>").contains(rest), rest);
        }
    }

    @Test
    void aBodyOfTenMegabytesLeavesItsBeginning() {
        String out = stanza("<message from='x@y'><body>" + "garbage ".repeat(1_250_000) + "</body><b/></message>");
        assertTrue(out.length() <= MOST_CHARS + 100, out.length() + "");
        assertTrue(out.startsWith("<message from='x@y'><body>garbage garbage"));
        assertTrue(out.endsWith("</body>" + LARGE + "</message>"));
    }

    @Test
    void tenThousandAttributesGoWithTheirElement() {
        String attributes = repeat(10_000, i -> " a" + i + "='>'");
        assertEquals(
                "<iq from='x@y'>" + LARGE + "</iq>",
                stanza("<iq from='x@y'><query" + attributes + "><a/>text</query><b/>text</iq>"));
        assertEquals("<iq from='x@y'>" + LARGE + "</iq>", stanza("<iq from='x@y'><query" + attributes + "/></iq>"));
    }

    @Test
    void aStanzaWhoseOwnTagIsTooMuchBecomesTheMark() {
        String attributes = repeat(10_000, i -> " a" + i + "='>'");
        assertEquals(LARGE, stanza("<iq" + attributes + "><query><a/></query>text</iq>"));
        assertEquals(LARGE, stanza("<iq" + attributes + "/>"));
        assertEquals(
                COMPLEX, stanza("<iq" + repeat(Admission.MOST_PARTS, i -> " " + (char) (0x4e00 + i) + "=''") + "/>"));
    }

    @Test
    void aTagWithANamespaceThatOthersNeedGoesWithThem() {
        String out = stanza("<iq><p:a xmlns:p='u' b='" + "c".repeat(10_000) + "'><p:d><p:e/></p:d></p:a></iq>");
        assertEquals("<iq>" + LARGE + "</iq>", out);
    }

    @Test
    void nestingOf50000LevelsLeavesTheUpperOnes() {
        String out = stanza("<iq>" + "<a>".repeat(50_000) + "</a>".repeat(50_000) + "</iq>");
        assertEquals("<iq>" + "<a>".repeat(32) + "</a>".repeat(32) + COMPLEX + "</iq>", out);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"<a/>", "<a></a>", "<!---->", "<?a?>", "&amp;", "\ud83d\ude00", "<a b='/>'/>", "<![CDATA[]]>"})
    void aMillionOfAnythingAreBounded(String part) {
        String out = stanza("<iq>" + part.repeat(1_000_000) + "</iq>");
        assertTrue(out.length() <= MOST_CHARS + 100, out.length() + "");
        assertTrue(out.endsWith(LARGE + "</iq>") || out.endsWith(COMPLEX + "</iq>"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"<!--%s-->", "<?%s?>", "<![CDATA[%s]]>", "&%s;", "<b %s='c'/>", "<b>%s</b>"})
    void muchOfOneThingIsBounded(String form) {
        String out = stanza("<iq>" + String.format(form, "x".repeat(3_000_000)) + "</iq>");
        assertTrue(out.length() <= MOST_CHARS + 100, out.length() + "");
        assertTrue(out.endsWith(LARGE + "</iq>") || out.endsWith(COMPLEX + "</iq>"));
    }

    @Test
    void whiteSpaceBetweenStanzasIsBounded() {
        String out = bound(OPENING + " ".repeat(10_000_000) + NEXT + CLOSING, MOST_CHARS);
        assertTrue(out.length() < MOST_CHARS + 1000);
        assertTrue(out.endsWith("  " + NEXT + CLOSING));
    }

    @Test
    void whiteSpaceAfterATagPassesAtOnceAndAStanzaWithItsEnd() throws IOException {
        String one = OPENING + NEXT + " ";
        Reader bounded = new StanzaBound(new InPieces(one, new Random(1)), MOST_CHARS);
        char[] buffer = new char[one.length()];
        for (int count = 0; count < buffer.length; ) {
            count += bounded.read(buffer, count, buffer.length - count); // would read past the end
        }
        assertEquals(one, new String(buffer));
    }

    @Test
    void whiteSpaceInAnEndTagIsBounded() {
        assertEquals(
                StanzaBound.MOST_MARKUP_CHARS + "<a>".length() + 1,
                stanza("<a></a" + " ".repeat(1_000_000) + ">").length());
    }

    @Test
    void aStreamThatBeginsWithTooMuchIsGivenUp() throws IOException {
        try (Reader bounded = new StanzaBound(new StringReader("<a b='" + "x".repeat(10_000) + "'>"), MOST_CHARS)) {
            assertThrows(IOException.class, () -> bounded.read(new char[100]));
        }
    }

    @Test
    void whatIsNotWellFormedIsBoundedAsWell() throws IOException {
        Random random = new Random(7);
        List<String> pieces =
                List.of("<", ">", "&", ";", "/", "=", "'", "</", "<!--", "-->", "<![CDATA[", "]]>", "<?", "a");
        for (int i = 0; i < 300; i++) {
            String garbage = repeat(2000, j -> pieces.get(random.nextInt(pieces.size())));
            Reader bounded = new StanzaBound(new StringReader(OPENING + garbage), MOST_CHARS);
            assertTrue(
                    bounded.transferTo(Writer.nullWriter()) <= (OPENING + garbage).length() + 2000L * COMPLEX.length());
        }
    }

    @Test
    void charactersOfAllPlanesPassThroughTheDecoder() {
        String text = "<m>\u00e4\u20ac\uD83D\uDE00</m>";
        Reader decoded = new InputStreamReader(new ByteArrayInputStream((OPENING + text).getBytes(UTF_8)), UTF_8);
        assertEquals(OPENING + text, bound(decoded, MOST_CHARS));
    }
}
