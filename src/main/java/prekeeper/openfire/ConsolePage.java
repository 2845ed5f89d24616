package prekeeper.openfire;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.ResourceBundle;
import java.util.TreeMap;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.dom4j.Element;
import org.jivesoftware.util.JiveGlobals;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xmpp.forms.DataForm;
import org.xmpp.forms.FormField;
import prekeeper.server.SetupException;
import prekeeper.store.StorageException;
import prekeeper.xmpp.command.Commands;

/**
 * The page in the admin console: how the server is, which devices are without stock, and its settings. Openfire lets only its
 * administrators at it, and no form without the token that it gave out last (csrfProtectionEnabled in plugin.xml).
 */
public final class ConsolePage extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final Logger LOG = LoggerFactory.getLogger(ConsolePage.class);

    /** Of the item in plugin.xml. */
    private static final String PAGE = "prekeeper";

    private static final String TOKEN = "csrf";
    private static final String SAVED = "saved";

    /** For Openfire. */
    public ConsolePage() {}

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        answer(
                response,
                server -> show(
                        server, server.state().problems(), server.settings().properties(), request, response));
    }

    @Override
    protected void doPost(HttpServletRequest request, HttpServletResponse response) throws IOException {
        request.setCharacterEncoding(StandardCharsets.UTF_8.name());
        answer(response, server -> save(server, request, response));
    }

    private interface Answer {
        void from(HostedServer server) throws IOException;
    }

    private static void answer(HttpServletResponse response, Answer answer) throws IOException {
        Optional<HostedServer> server = PrekeeperPlugin.server();
        if (server.isPresent()) {
            answer.from(server.get());
        } else {
            response.sendError(HttpServletResponse.SC_SERVICE_UNAVAILABLE); // unloaded a moment ago
        }
    }

    /** Saves what was filled in, all of it or, when something is wrong, nothing. */
    private static void save(HostedServer server, HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        OpenfireSettings settings = server.settings();
        List<ConsoleField> fields = settings.fields();
        Map<String, String> properties = new TreeMap<>(settings.properties());
        for (ConsoleField field : fields) {
            String written =
                    Objects.toString(request.getParameter(field.property()), "").strip();
            if (written.isEmpty() || written.equals(field.byDefault())) {
                properties.remove(field.property());
            } else {
                properties.put(field.property(), written);
            }
        }
        try {
            settings.read(properties);
        } catch (SetupException wrong) {
            show(server, wrong.problems(), properties, request, response);
            return;
        }
        fields.forEach(field -> settings.set(field.property(), properties.get(field.property())));
        server.applyNow();
        response.sendRedirect(request.getRequestURI() + "?" + SAVED + "=true");
    }

    /** Writes the page with {@code values} in its form. */
    private static void show(
            HostedServer server,
            List<String> problems,
            Map<String, String> values,
            HttpServletRequest request,
            HttpServletResponse response)
            throws IOException {
        ResourceBundle texts =
                ResourceBundle.getBundle("prekeeper_i18n", JiveGlobals.getLocale(), ConsolePage.class.getClassLoader());
        ConsoleHtml page = new ConsoleHtml(texts.getString("title"), PAGE);
        if (!problems.isEmpty()) {
            page.message("error", problems);
        } else if (request.getParameter(SAVED) != null) {
            page.message("success", List.of(texts.getString(SAVED)));
        }
        server.state()
                .running()
                .ifPresentOrElse(
                        running -> showRunning(page, texts, running.commands()),
                        () -> page.message("warning", List.of(texts.getString("does-not-run"))));
        form(page.form(TOKEN, Objects.toString(request.getAttribute(TOKEN), "")), texts, server.settings(), values);
        response.setContentType("text/html; charset=UTF-8");
        response.getWriter().write(page.toString());
    }

    private static void showRunning(ConsoleHtml page, ResourceBundle texts, Commands commands) {
        try {
            status(page.box(texts.getString("status")), commands.status());
            outOfStock(
                    page.box(texts.getString("out-of-stock")),
                    texts,
                    commands.outOfStock().getElement());
        } catch (StorageException failed) {
            LOG.debug("no status for the console", failed);
            page.message("error", List.of(texts.getString("store-does-not-answer")));
        }
    }

    private static void status(Element box, DataForm status) {
        Element table = ConsoleHtml.table(box);
        for (FormField field : status.getFields()) {
            Element row = table.addElement("tr");
            row.addElement("td").addAttribute("style", "white-space: nowrap").setText(field.getLabel());
            Element value = row.addElement("td").addAttribute("style", "word-break: break-all"); // fingerprints
            field.getValues().forEach(line -> value.addElement("div").setText(line));
        }
    }

    private static void outOfStock(Element box, ResourceBundle texts, Element devices) {
        Element table = ConsoleHtml.table(box);
        Element head = table.addElement("tr");
        List<Element> columns = devices.element("reported").elements("field");
        columns.forEach(column -> head.addElement("th").setText(column.attributeValue("label")));
        List<Element> items = devices.elements("item");
        for (Element item : items) {
            Element row = table.addElement("tr");
            item.elements("field").forEach(field -> row.addElement("td").setText(field.elementText("value")));
        }
        if (devices.element("instructions") != null) {
            box.addElement("p").setText(texts.getString("more"));
        }
        if (items.isEmpty()) {
            Element row = table.addElement("tr");
            row.addElement("td")
                    .addAttribute("colspan", Integer.toString(columns.size()))
                    .setText(texts.getString("none"));
        }
    }

    private static void form(
            Element form, ResourceBundle texts, OpenfireSettings settings, Map<String, String> values) {
        Element box = ConsoleHtml.box(form, texts.getString("settings"));
        box.addElement("p").setText(texts.getString("settings.help"));
        Element table = box.addElement("table");
        for (ConsoleField field : settings.fields()) {
            String id = field.property();
            Element row = table.addElement("tr");
            row.addElement("td")
                    .addAttribute("style", "white-space: nowrap")
                    .addElement("label")
                    .addAttribute("for", id)
                    .setText(texts.getString(field.label()));
            Element cell = row.addElement("td");
            String value = values.getOrDefault(id, "");
            if (field.choices().isEmpty()) {
                ConsoleHtml.text(cell, id, value, field.byDefault());
            } else {
                ConsoleHtml.choice(cell, id, value.isEmpty() ? field.byDefault() : value, field.choices());
            }
            row.addElement("td").addElement("code").setText(id);
        }
        form.addElement("input").addAttribute("type", "submit").addAttribute("value", texts.getString("save"));
    }
}
