package prekeeper.openfire;

import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.dom4j.DocumentHelper;
import org.dom4j.Element;
import org.dom4j.io.HTMLWriter;
import org.dom4j.io.OutputFormat;

/** A page as the admin console decorates it. It is built as a tree, so that no text in it can be taken for markup. */
final class ConsoleHtml {
    private final Element html = DocumentHelper.createElement("html");
    private final Element body;

    /** @param page the id of the item in plugin.xml that leads here */
    ConsoleHtml(String title, String page) {
        Element head = html.addElement("head");
        head.addElement("title").setText(title);
        head.addElement("meta").addAttribute("name", "pageID").addAttribute("content", page);
        body = html.addElement("body");
    }

    /** @param kind {@code success}, {@code warning} or {@code error} */
    void message(String kind, List<String> lines) {
        Element cell = body.addElement("div")
                .addAttribute("class", "jive-" + kind)
                .addElement("table")
                .addElement("tbody")
                .addElement("tr")
                .addElement("td")
                .addAttribute("class", "jive-icon-label");
        lines.forEach(line -> cell.addElement("div").setText(line));
        body.addElement("br");
    }

    /** A box on the page. */
    Element box(String title) {
        return box(body, title);
    }

    static Element box(Element parent, String title) {
        parent.addElement("div").addAttribute("class", "jive-contentBoxHeader").setText(title);
        return parent.addElement("div").addAttribute("class", "jive-contentBox");
    }

    /** A table of rows in {@code box}. */
    static Element table(Element box) {
        return box.addElement("table").addAttribute("class", "jive-table").addElement("tbody");
    }

    /** A form that is sent to this page, with the token without which Openfire refuses it. */
    Element form(String tokenName, String token) {
        Element form = body.addElement("form").addAttribute("method", "post");
        form.addElement("input")
                .addAttribute("type", "hidden")
                .addAttribute("name", tokenName)
                .addAttribute("value", token);
        return form;
    }

    /** A field to write in. */
    static void text(Element parent, String name, String value, String placeholder) {
        parent.addElement("input")
                .addAttribute("type", "text")
                .addAttribute("size", "40")
                .addAttribute("id", name)
                .addAttribute("name", name)
                .addAttribute("value", value)
                .addAttribute("placeholder", placeholder);
    }

    /** A field to choose in. */
    static void choice(Element parent, String name, String value, List<String> choices) {
        Element select = parent.addElement("select").addAttribute("id", name).addAttribute("name", name);
        for (String choice : choices) {
            Element option = select.addElement("option").addAttribute("value", choice);
            if (choice.equals(value)) {
                option.addAttribute("selected", "selected");
            }
            option.setText(choice);
        }
    }

    @Override
    public String toString() {
        OutputFormat format = new OutputFormat();
        format.setSuppressDeclaration(true);
        format.setXHTML(false);
        StringWriter out = new StringWriter();
        try {
            HTMLWriter writer = new HTMLWriter(out, format);
            writer.write(html);
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return "<!DOCTYPE html>\n" + out;
    }
}
