package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.StringReader;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class LatencyPictureTest {
    private static final String DASHED = "stroke-width";

    @Test
    void whatIsPrintedIsEscaped() throws Exception {
        Document svg = svg(new LatencyPicture("<a> & 'b'", "x < y", List.of(kind(LoadKind.HANDSHAKES, 10))));
        assertEquals("<a> & 'b'", svg.getElementsByTagName("title").item(0).getTextContent());
        assertTrue(texts(svg).contains("x < y"));
    }

    @Test
    void bothAxesAreLogarithmic() throws Exception {
        List<String> texts = texts(svg(new LatencyPicture("t", "s", List.of(kind(LoadKind.RETRIEVALS, 1000)))));
        assertTrue(texts.containsAll(List.of("0 %", "90 %", "99 %", "99.9 %")), texts::toString);
        assertFalse(texts.contains("99.99 %"), texts::toString);
        assertTrue(texts.containsAll(List.of("1", "10", "100", "1000")), texts::toString);
    }

    @Test
    void aCurveGoesUpToTheLongestAndNeverDown() throws Exception {
        Document svg = svg(new LatencyPicture("t", "s", List.of(kind(LoadKind.HANDSHAKES, 1000))));
        String curve = paths(svg).stream()
                .map(path -> path.getAttribute("d"))
                .filter(d -> d.contains("L"))
                .findFirst()
                .orElseThrow();
        double[] before = null;
        for (String point : curve.substring(1).split("L", -1)) {
            double[] now = Arrays.stream(point.split(" ", -1))
                    .mapToDouble(Double::parseDouble)
                    .toArray();
            if (before != null) {
                assertTrue(now[0] >= before[0] && now[1] <= before[1], curve);
            }
            before = now;
        }
        Element dot = (Element) svg.getElementsByTagName("circle").item(0);
        assertEquals(before[0], Double.parseDouble(dot.getAttribute("cx")));
        assertEquals(before[1], Double.parseDouble(dot.getAttribute("cy")));
        assertEquals(760, before[0], 0.1, "1000 answers end at 99.9 %, the right end");
    }

    @Test
    void kindsWithoutAnAnswerHaveNoCurve() throws Exception {
        LoadReport.OfKind none = new KindTally().report(LoadKind.PUBLICATIONS, 1, Duration.ofSeconds(1));
        assertEquals(0, curves(svg(new LatencyPicture("t", "s", List.of(none)))));
        assertEquals(
                // a curve and its mark in the legend
                2, curves(svg(new LatencyPicture("t", "s", List.of(none, kind(LoadKind.HANDSHAKES, 1))))));
    }

    @Test
    void numbersAreThoseOfSvgInEveryLanguage() throws Exception {
        LatencyPicture picture = new LatencyPicture("t", "s", List.of(kind(LoadKind.HANDSHAKES, 100)));
        String expected = picture.svg();
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(Locale.GERMANY);
            assertEquals(expected, picture.svg());
        } finally {
            Locale.setDefault(before);
        }
    }

    /** One answer after each millisecond. */
    private static LoadReport.OfKind kind(LoadKind kind, int answers) {
        KindTally tally = new KindTally();
        IntStream.rangeClosed(1, answers).forEach(millis -> {
            tally.due();
            tally.done(new Outcome.Answered(false), 0, millis * 1_000_000L);
        });
        return tally.report(kind, 1, Duration.ofSeconds(1));
    }

    private static Document svg(LatencyPicture picture) throws Exception {
        return DocumentBuilderFactory.newInstance()
                .newDocumentBuilder()
                .parse(new InputSource(new StringReader(picture.svg())));
    }

    private static List<String> texts(Document svg) {
        NodeList texts = svg.getElementsByTagName("text");
        return IntStream.range(0, texts.getLength())
                .mapToObj(i -> texts.item(i).getTextContent())
                .toList();
    }

    private static List<Element> paths(Document svg) {
        NodeList paths = svg.getElementsByTagName("path");
        return IntStream.range(0, paths.getLength())
                .mapToObj(i -> (Element) paths.item(i))
                .toList();
    }

    private static long curves(Document svg) {
        return paths(svg).stream().filter(path -> path.hasAttribute(DASHED)).count();
    }
}
