package prekeeper.xmpp;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.dom4j.Element;

/**
 * The XML of docs/protocol.md. A comment on the line before a block says what the block is:
 *
 * <pre>
 * &lt;!-- example: NAME --&gt;            stanzas of {@link ExampleRun}, in their order
 * &lt;!-- not from the run: WHY --&gt;    stanzas that the server has no part in
 * &lt;!-- schema --&gt;                   the XML Schema
 * </pre>
 */
final class DocumentedPage {
    private static final Path FILE = Path.of("docs", "protocol.md");
    private static final Pattern BLOCK = Pattern.compile(
            "(?:^<!-- (?<mark>[^\\n]*) -->\\n)?^```xml\\n(?<xml>.*?)^```$", Pattern.MULTILINE | Pattern.DOTALL);
    private static final String EXAMPLE = "example: ";
    private static final String OTHER = "not from the run: ";
    private static final String SCHEMA = "schema";

    private final Map<String, List<Element>> examples = new LinkedHashMap<>();
    private final List<Element> others = new ArrayList<>();
    private final List<String> schemas = new ArrayList<>();
    private final List<String> problems = new ArrayList<>();

    /** Reads the page of this source tree. */
    DocumentedPage() {
        Matcher block = BLOCK.matcher(text());
        while (block.find()) {
            String mark = block.group("mark") == null ? "" : block.group("mark");
            String xml = block.group("xml");
            if (mark.startsWith(EXAMPLE)) {
                String name = mark.substring(EXAMPLE.length());
                if (examples.put(name, stanzas(name, xml)) != null) {
                    problems.add("example " + name + " stands twice");
                }
            } else if (mark.startsWith(OTHER)) {
                others.addAll(stanzas(mark, xml));
            } else if (mark.equals(SCHEMA)) {
                schemas.add(xml);
            } else {
                problems.add("no comment says what this block is:\n" + xml);
            }
        }
    }

    private static String text() {
        try {
            return Files.readString(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(FILE.toString(), e);
        }
    }

    private List<Element> stanzas(String name, String xml) {
        try {
            return Stanzas.parse("<stanzas>" + xml + "</stanzas>").elements();
        } catch (IllegalArgumentException e) {
            problems.add(name + " is not well-formed: " + e.getCause().getMessage());
            return List.of();
        }
    }

    /** By name, in the order of the page. */
    Map<String, List<Element>> examples() {
        return examples;
    }

    /** Every stanza of the page. */
    List<Element> stanzas() {
        List<Element> all = new ArrayList<>(others);
        examples.values().forEach(all::addAll);
        return all;
    }

    String schema() {
        if (schemas.size() != 1) {
            throw new AssertionError(schemas.size() + " schemas in " + FILE);
        }
        return schemas.get(0);
    }

    /** What is wrong with the blocks themselves. */
    List<String> problems() {
        return problems;
    }
}
