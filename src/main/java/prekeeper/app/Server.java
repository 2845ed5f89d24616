package prekeeper.app;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;

/** Puts the parts together, from the bottom of the house to the top, and hands each to {@link RunningParts}. */
final class Server {
    private static final Logger LOG = LoggerFactory.getLogger(Server.class);

    private final Console console;
    private final RunningParts parts;
    private final SecureRandom random = new SecureRandom();

    Server(Console console, RunningParts parts) {
        this.console = console;
        this.parts = parts;
    }

    /**
     * Starts everything and returns.
     *
     * @throws SetupException when a part can not start; what was started before is stopped with {@link RunningParts}
     */
    void start(Settings settings) throws SetupException {
        parts.add("identity key", identity(settings.keyFile()));
        LOG.info("started as {}", settings.component().jid());
    }

    private Ed448KeyPair identity(Path file) throws SetupException {
        boolean made = !Files.exists(file, LinkOption.NOFOLLOW_LINKS);
        try (SecretBytes key = KeyFile.loadOrCreate(file, random)) {
            if (made) {
                LOG.info("made a new identity key, {}; keep a copy of it in a safe place", file);
            }
            console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
            return Ed448KeyPair.fromSymmetricKey(key);
        }
    }
}
