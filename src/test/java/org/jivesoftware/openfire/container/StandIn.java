package org.jivesoftware.openfire.container;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringReader;
import java.io.StringWriter;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.servlet.Servlet;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.dom4j.io.SAXReader;
import org.jivesoftware.openfire.event.UserEventDispatcher;
import org.jivesoftware.util.JiveGlobals;
import org.jivesoftware.util.JiveProperties;
import org.jivesoftware.util.PropertyEventDispatcher;
import org.xmpp.component.Component;
import org.xmpp.component.ComponentManager;
import org.xmpp.component.ComponentManagerFactory;
import org.xmpp.packet.IQ;
import org.xmpp.packet.JID;
import org.xmpp.packet.Packet;

/**
 * A container for one plugin: unpacks its jar as Openfire does, loads it parent first, routes stanzas to its component and calls
 * its page. It takes and gives classes of Java only, so that a test outside of its class loader can use it ({@link BiFunction}: the name of
 * a method and its arguments).
 */
public final class StandIn implements BiFunction<String, Object[], Object> {
    private static final Pattern CLASS = Pattern.compile("<class>(.*)</class>");
    private static final Pattern SERVLET = Pattern.compile("<servlet-class>(.*)</servlet-class>");

    private final Path home;
    private final Map<String, Component> components = new ConcurrentHashMap<>();
    private final Map<String, CompletableFuture<String>> awaited = new ConcurrentHashMap<>();
    private Plugin plugin;
    private URLClassLoader loader;
    private Servlet page;

    /** A container whose plugins are unpacked below {@code home}. */
    public StandIn(Path home) {
        this.home = home;
        ComponentManager manager = (ComponentManager) Proxy.newProxyInstance(
                StandIn.class.getClassLoader(), new Class<?>[] {ComponentManager.class}, this::manage);
        ComponentManagerFactory.setComponentManager(manager);
    }

    @Override
    public Object apply(String name, Object[] arguments) {
        try {
            for (Method method : StandIn.class.getMethods()) {
                if (method.getName().equals(name)) {
                    return method.invoke(this, arguments);
                }
            }
            throw new IllegalArgumentException(name);
        } catch (InvocationTargetException e) {
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object manage(Object manager, Method method, Object[] arguments) throws Exception {
        switch (method.getName()) {
            case "addComponent" -> {
                Component component = (Component) arguments[1];
                component.initialize(new JID(arguments[0] + ".example.org"), (ComponentManager) manager);
                component.start();
                components.put(arguments[0] + ".example.org", component);
            }
            case "removeComponent" -> {
                Component component = components.remove(arguments[0] + ".example.org");
                if (component != null) {
                    component.shutdown();
                }
            }
            case "sendPacket" -> {
                Packet sent = (Packet) arguments[1];
                CompletableFuture<String> waiting = sent.getID() == null ? null : awaited.remove(sent.getID());
                if (waiting != null) {
                    waiting.complete(sent.toXML());
                }
            }
            default -> throw new UnsupportedOperationException(method.getName());
        }
        return null;
    }

    /** Unpacks and loads the plugin, anew when it is loaded. */
    public void load(Path jar) throws Exception {
        Path folder = home.resolve("plugins").resolve("prekeeper-openfire");
        delete(folder);
        unpack(jar, folder);
        List<URL> urls = new ArrayList<>(List.of(
                folder.resolve("i18n").toUri().toURL(),
                folder.resolve("web").toUri().toURL()));
        try (Stream<Path> jars = Files.list(folder.resolve("lib"))) {
            for (Path library : jars.sorted().toList()) {
                urls.add(library.toUri().toURL());
            }
        }
        loader = new URLClassLoader(urls.toArray(URL[]::new), StandIn.class.getClassLoader());
        plugin = (Plugin) instance(Files.readString(folder.resolve("plugin.xml")), CLASS);
        plugin.initializePlugin(new PluginManager(), folder.toFile());
        page = (Servlet) instance(Files.readString(folder.resolve("web/WEB-INF/web.xml")), SERVLET);
    }

    private Object instance(String descriptor, Pattern name) throws ReflectiveOperationException {
        Matcher matcher = name.matcher(descriptor);
        if (!matcher.find()) {
            throw new IllegalArgumentException("no " + name);
        }
        return loader.loadClass(matcher.group(1)).getDeclaredConstructor().newInstance();
    }

    /** Unloads the plugin. */
    public void unload() throws IOException {
        page.destroy();
        plugin.destroyPlugin();
        page = null;
        plugin = null;
        loader.close();
        loader = null;
        delete(home.resolve("plugins").resolve("prekeeper-openfire"));
    }

    public ClassLoader loader() {
        return loader;
    }

    /** How many of the plugin's are left: components and listeners. */
    public int left() {
        return components.size() + UserEventDispatcher.LISTENERS.size() + PropertyEventDispatcher.LISTENERS.size();
    }

    /** The answer to an IQ request, such as a client would get. */
    public String ask(String stanza) throws Exception {
        IQ request = new IQ(new SAXReader().read(new StringReader(stanza)).getRootElement());
        Component component = components.get(request.getTo().getDomain());
        if (component == null) {
            return "no such component";
        }
        CompletableFuture<String> answer = new CompletableFuture<>();
        awaited.put(request.getID(), answer);
        component.processPacket(request);
        return answer.get(10, TimeUnit.SECONDS);
    }

    public void deleteUser(String name) {
        UserEventDispatcher.deleting(name);
    }

    public void setProperty(String name, String value) {
        JiveProperties.getInstance().put(name, value);
    }

    public String property(String name) {
        return JiveGlobals.getProperty(name);
    }

    public void setXmlProperty(String name, String value) {
        JiveGlobals.XML.put(name, value);
    }

    /** The page, or where it leads after a form was sent. */
    public String page(String method, Map<String, String> parameters) throws Exception {
        StringWriter out = new StringWriter();
        PrintWriter writer = new PrintWriter(out);
        HttpServletRequest request =
                proxy(HttpServletRequest.class, (self, called, arguments) -> switch (called.getName()) {
                    case "getMethod" -> method;
                    case "getParameter" -> parameters.get(arguments[0]);
                    case "getAttribute" -> "token of " + arguments[0];
                    case "getRequestURI" -> "/plugins/prekeeper-openfire/prekeys";
                    case "getProtocol" -> "HTTP/1.1";
                    case "getDateHeader" -> -1L;
                    default -> null;
                });
        HttpServletResponse response = proxy(HttpServletResponse.class, (self, called, arguments) -> {
            switch (called.getName()) {
                case "getWriter" -> {
                    return writer;
                }
                case "sendRedirect", "sendError" -> writer.write(called.getName() + " " + arguments[0]);
                default -> {
                    // nothing is asked of it
                }
            }
            return null;
        });
        ((HttpServlet) page).service(request, response);
        return out.toString();
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(StandIn.class.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static void unpack(Path jar, Path folder) throws IOException {
        try (FileSystem files = FileSystems.newFileSystem(URI.create("jar:" + jar.toUri()), Map.of())) {
            Path root = files.getPath("/");
            try (Stream<Path> entries = Files.walk(root)) {
                for (Path entry : entries.toList()) {
                    Path to = folder.resolve(root.relativize(entry).toString());
                    if (Files.isDirectory(entry)) {
                        Files.createDirectories(to);
                    } else {
                        Files.copy(entry, to);
                    }
                }
            }
        }
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> entries = Files.walk(folder)) {
                for (Path entry : entries.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(entry);
                }
            }
        }
    }
}
