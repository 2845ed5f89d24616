package prekeeper.xmpp;

import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.dom4j.Attribute;
import org.dom4j.Element;

/** Stanzas as people read them: one element a line, indented, long texts shortened with {@value #CUT}. */
final class PrintedStanza {
    private static final String CUT = "…";
    private static final int KEPT_OF_BEGINNING = 48;
    private static final int KEPT_OF_END = 16;

    /** Elements whose attributes are put in order; of others they stay as they came. */
    private static final Set<String> ORDERED = Set.of("iq", "message", "field");

    private static final List<String> ORDER = List.of("var", "label", "type", "id", "from", "to");

    private PrintedStanza() {}

    /** {@code stanzas} with an empty line between them; texts of more than {@code mostChars} are shortened. */
    static String print(List<Element> stanzas, int mostChars) {
        return stanzas.stream().map(stanza -> print(stanza, "", mostChars)).collect(Collectors.joining("\n"));
    }

    private static String print(Element element, String parentNamespace, int mostChars) {
        StringBuilder out = new StringBuilder("<").append(element.getName());
        if (!element.getNamespaceURI().equals(parentNamespace)) {
            attribute(out, "xmlns", element.getNamespaceURI());
        }
        inOrder(element).forEach(attribute -> attribute(out, attribute.getQualifiedName(), attribute.getValue()));
        List<Element> children = element.elements();
        String text = escape(shorten(element.getText().strip(), mostChars));
        if (children.isEmpty() && text.isEmpty()) {
            return out.append("/>\n").toString();
        }
        String end = "</" + element.getName() + ">\n";
        String inner = children.stream()
                .map(child -> print(child, element.getNamespaceURI(), mostChars))
                .collect(Collectors.joining());
        String content = children.isEmpty() ? text : isShort(children) ? inner.strip() : "\n" + inner.indent(2);
        return out.append('>').append(content).append(end).toString();
    }

    /** As in the fields of a form: one child, which has a text and nothing else. */
    private static boolean isShort(List<Element> children) {
        return children.size() == 1
                && children.get(0).attributeCount() == 0
                && children.get(0).elements().isEmpty()
                && children.get(0).getName().equals("value");
    }

    private static List<Attribute> inOrder(Element element) {
        return ORDERED.contains(element.getName())
                ? element.attributes().stream()
                        .sorted(Comparator.comparing(attribute -> ORDER.indexOf(attribute.getName())))
                        .toList()
                : element.attributes();
    }

    private static void attribute(StringBuilder out, String name, String value) {
        out.append(' ')
                .append(name)
                .append("='")
                .append(escape(value).replace("'", "&apos;"))
                .append('\'');
    }

    private static String escape(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }

    private static String shorten(String text, int mostChars) {
        return text.length() <= mostChars || text.contains(" ")
                ? text
                : text.substring(0, KEPT_OF_BEGINNING) + CUT + text.substring(text.length() - KEPT_OF_END);
    }

    /**
     * Whether {@code printed} is {@code stanza}: names, namespaces, attributes in any order, children in theirs, and texts, of
     * which the middle may be left out.
     */
    static boolean is(Element printed, Element stanza) {
        List<Element> printedChildren = printed.elements();
        List<Element> children = stanza.elements();
        if (!printed.getQName().equals(stanza.getQName())
                || !attributes(printed).equals(attributes(stanza))
                || !isText(printed.getText().strip(), stanza.getText().strip())
                || printedChildren.size() != children.size()) {
            return false;
        }
        for (int i = 0; i < children.size(); i++) {
            if (!is(printedChildren.get(i), children.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static List<String> attributes(Element element) {
        return element.attributes().stream()
                .map(attribute -> attribute.getQName() + "=" + attribute.getValue())
                .sorted()
                .toList();
    }

    private static boolean isText(String printed, String text) {
        int cut = printed.indexOf(CUT);
        if (cut < 0) {
            return printed.equals(text);
        }
        String end = printed.substring(cut + CUT.length());
        return cut >= KEPT_OF_BEGINNING
                && end.length() >= KEPT_OF_END
                && text.length() > cut + end.length()
                && text.startsWith(printed.substring(0, cut))
                && text.endsWith(end);
    }

    /** {@code printed} with what was left out of its text still missing, but the sign for it gone. */
    static Element withoutCuts(Element printed) {
        Element copy = printed.createCopy();
        copy.setText(copy.getText().replace(CUT, ""));
        return copy;
    }
}
