package prekeeper.app;

import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The signal that asks a server to read its configuration again (SIGHUP). */
final class HangUp {
    private static final Logger LOG = LoggerFactory.getLogger(HangUp.class);
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";

    private HangUp() {}

    /**
     * Has {@code action} run, on a thread of the JVM's, whenever the signal comes. By reflection, as the JDK has it for everybody in a
     * package that javac warns of; in a JVM without it the signal ends the process, as it would by itself.
     */
    static void handle(Runnable action) {
        try {
            Class<?> signal = Class.forName(SIGNAL);
            Class<?> handler = Class.forName(HANDLER);
            Object ours = Proxy.newProxyInstance(
                    HangUp.class.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                        if (method.getName().equals("handle")) {
                            action.run();
                        }
                        return null;
                    });
            Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
            signal.getMethod("handle", signal, handler).invoke(null, hangUp, ours);
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn(
                    "this Java does not tell of signals ({}): restart the server to read its configuration again",
                    e.toString());
        }
    }
}
