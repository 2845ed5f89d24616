package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.xml.XMLConstants;
import javax.xml.transform.stream.StreamSource;
import javax.xml.validation.Schema;
import javax.xml.validation.SchemaFactory;
import javax.xml.validation.Validator;
import org.dom4j.Element;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.xml.sax.SAXException;

/**
 * The XML in docs/protocol.md is what the server speaks: every example is a piece of {@link ExampleRun}, and the schema holds for
 * all of it. A test that fails prints the block as it should stand in the page.
 */
class DocumentedExamplesTest {
    /** Where whole messages are shown; other examples are clearer with less of them. */
    private static final Set<String> IN_FULL = Set.of("dake", "status");

    private static final int MOST_CHARS_IN_FULL = 700;
    private static final int MOST_CHARS = 120;

    private static Map<String, List<Element>> run;
    private static DocumentedPage page;

    @BeforeAll
    static void playAndRead() throws Exception {
        run = ExampleRun.play();
        page = new DocumentedPage();
    }

    @TestFactory
    Stream<DynamicTest> everyExampleStandsInThePageAsItWasSpoken() {
        return run.entrySet().stream()
                .map(example -> DynamicTest.dynamicTest(
                        example.getKey(), () -> assertStandsInPage(example.getKey(), example.getValue())));
    }

    private static void assertStandsInPage(String name, List<Element> spoken) {
        List<Element> printed = page.examples().getOrDefault(name, List.of());
        boolean same = printed.size() == spoken.size();
        for (int i = 0; same && i < spoken.size(); i++) {
            same = PrintedStanza.is(printed.get(i), spoken.get(i));
        }
        if (!same) {
            int mostChars = IN_FULL.contains(name) ? MOST_CHARS_IN_FULL : MOST_CHARS;
            throw new AssertionError("docs/protocol.md should have:\n\n<!-- example: " + name + " -->\n```xml\n"
                    + PrintedStanza.print(spoken, mostChars) + "```\n");
        }
    }

    @Test
    void everyBlockOfThePageIsAnExampleOrSaysWhyNot() {
        assertEquals(List.of(), page.problems());
        Set<String> unknown = new TreeSet<>(page.examples().keySet());
        unknown.removeAll(run.keySet());
        assertEquals(Set.of(), unknown, "examples that are not of the run");
    }

    @Test
    void theSchemaHoldsForEveryElementOfTheRunAndOfThePage() throws Exception {
        Schema schema = schema();
        List<Element> elements = new ArrayList<>();
        run.values().forEach(stanzas -> stanzas.forEach(stanza -> addOurs(stanza, elements)));
        page.stanzas().forEach(stanza -> addOurs(stanza, elements));
        assertFalse(elements.isEmpty());
        for (Element element : elements) {
            String xml = PrintedStanza.withoutCuts(element).asXML();
            assertDoesNotThrow(() -> validate(schema, xml), xml);
        }
    }

    @Test
    void everyElementOfTheSchemaOccursInTheRun() {
        Set<String> declared = new TreeSet<>();
        for (Element child : Stanzas.parse(page.schema()).elements("element")) {
            declared.add(child.attributeValue("name"));
        }
        Set<String> occurring = new TreeSet<>();
        List<Element> elements = new ArrayList<>();
        run.values().forEach(stanzas -> stanzas.forEach(stanza -> addOurs(stanza, elements)));
        elements.forEach(element -> occurring.add(element.getName()));
        assertEquals(occurring, declared);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<ask>AAQ1.</ask>",
                "<dake/>",
                "<dake>AAQ1 AAQ1.</dake>",
                "<dake>AAQ1,.</dake>",
                "<dake id='1'>AAQ1.</dake>",
                "<dake>?OTRP|1|0|0,1,1,,</dake>",
                "<dake>?OTRP|123456789|0|0,1,1,AAQ1.,</dake>",
                "<publish><x/></publish>",
                "<low instance-tag='1a2b3c4d'/>",
                "<low instance-tag='1A2B3C4D' remaining='1'/>",
                "<low instance-tag='1a2b3c4d' remaining='-1'/>",
                "<malformed>text</malformed>",
                "<too-large/>",
                "<retry/>",
                "<retry seconds='soon'/>"
            })
    void theSchemaRefusesWhatIsNoElementOfOurs(String xml) throws Exception {
        String named = xml.replaceFirst("^(<[a-z-]+)", "$1 xmlns='" + IqBinding.NAMESPACE + "'");
        Schema schema = schema();
        assertThrows(SAXException.class, () -> validate(schema, named), named);
        assertThrows(SAXException.class, () -> validate(schema, xml), "without its namespace");
    }

    private static void addOurs(Element element, List<Element> ours) {
        if (element.getNamespaceURI().equals(IqBinding.NAMESPACE)) {
            ours.add(element);
            return;
        }
        element.elements().forEach(child -> addOurs(child, ours));
    }

    private static Schema schema() throws SAXException {
        SchemaFactory factory = SchemaFactory.newInstance(XMLConstants.W3C_XML_SCHEMA_NS_URI);
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        factory.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        return factory.newSchema(new StreamSource(new StringReader(page.schema())));
    }

    private static void validate(Schema schema, String xml) throws SAXException, IOException {
        Validator validator = schema.newValidator();
        validator.setProperty(XMLConstants.ACCESS_EXTERNAL_DTD, "");
        validator.setProperty(XMLConstants.ACCESS_EXTERNAL_SCHEMA, "");
        validator.validate(new StreamSource(new StringReader(xml)));
    }
}
