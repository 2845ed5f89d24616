package prekeeper.app;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a service manager such as systemd, where there is one, that the server has started ({@code Type=notify}). */
final class ServiceManager {
    private static final Logger LOG = LoggerFactory.getLogger(ServiceManager.class);

    /** Where a service manager listens, in the environment of what it started. */
    private static final String SOCKET = "NOTIFY_SOCKET";

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private ServiceManager() {}

    /** Through a program, since it listens on a datagram socket and Java has those for the network only. */
    static void ready(Map<String, String> environment) throws InterruptedException {
        if (!environment.containsKey(SOCKET)) {
            return;
        }
        try {
            Process notify = new ProcessBuilder("systemd-notify", "--ready")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            if (!notify.waitFor(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
                notify.destroyForcibly();
                LOG.warn("systemd-notify --ready takes longer than {} s", PATIENCE.toSeconds());
            } else if (notify.exitValue() != 0) {
                LOG.warn("systemd-notify --ready ended with status {}", notify.exitValue());
            }
        } catch (IOException e) {
            LOG.warn("the service manager is not told that the server has started: {}", e.getMessage());
        }
    }
}
