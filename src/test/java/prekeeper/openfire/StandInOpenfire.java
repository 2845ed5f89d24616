package prekeeper.openfire;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** A stand-in for Openfire with the libraries of one of its releases and none of ours: {@code org.jivesoftware.openfire.container.StandIn}. */
final class StandInOpenfire implements AutoCloseable {
    private static final List<String> OPENFIRES = List.of("org.jivesoftware.openfire.", "org.jivesoftware.util.");

    private final Loader loader;
    private final BiFunction<String, Object[], Object> container;

    /** @param libraries the folder of a release's below target/openfire */
    @SuppressWarnings("unchecked")
    StandInOpenfire(String libraries, Path home) throws Exception {
        loader = new Loader(jars(Path.of("target", "openfire", libraries)));
        container = inside(() ->
                (BiFunction<String, Object[], Object>) loader.loadClass("org.jivesoftware.openfire.container.StandIn")
                        .getConstructor(Path.class)
                        .newInstance(home));
    }

    private static URL[] jars(Path folder) throws IOException {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.map(StandInOpenfire::url).toArray(URL[]::new);
        }
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException e) {
            throw new IllegalStateException(e);
        }
    }

    private Object call(String method, Object... arguments) {
        try {
            return inside(() -> container.apply(method, arguments));
        } catch (RuntimeException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** On a thread like Openfire's own, whose context class loader is Openfire's. */
    private <T> T inside(Callable<T> work) throws Exception {
        Thread thread = Thread.currentThread();
        ClassLoader before = thread.getContextClassLoader();
        thread.setContextClassLoader(loader);
        try {
            return work.call();
        } finally {
            thread.setContextClassLoader(before);
        }
    }

    void load(Path jar) {
        call("load", jar);
    }

    void unload() {
        call("unload");
    }

    ClassLoader pluginLoader() {
        return (ClassLoader) call("loader");
    }

    int left() {
        return (int) call("left");
    }

    String ask(String stanza) {
        return (String) call("ask", stanza);
    }

    void deleteUser(String name) {
        call("deleteUser", name);
    }

    void setProperty(String name, String value) {
        call("setProperty", name, value);
    }

    String property(String name) {
        return (String) call("property", name);
    }

    void setXmlProperty(String name, String value) {
        call("setXmlProperty", name, value);
    }

    String page() {
        return (String) call("page", "GET", Map.of());
    }

    String send(Map<String, String> form) {
        return (String) call("page", "POST", form);
    }

    @Override
    public void close() throws IOException {
        loader.close();
    }

    /** Openfire's libraries, and the classes that stand in for its own. */
    private static final class Loader extends URLClassLoader {
        Loader(URL[] jars) {
            super(jars, ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (OPENFIRES.stream().noneMatch(name::startsWith)) {
                return super.findClass(name);
            }
            Path file = Path.of("target", "test-classes", name.replace('.', '/') + ".class");
            try {
                byte[] code = Files.readAllBytes(file);
                return defineClass(name, code, 0, code.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }
}
