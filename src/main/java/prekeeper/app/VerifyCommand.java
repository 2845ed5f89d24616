package prekeeper.app;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import prekeeper.server.SetupException;
import prekeeper.service.StoreCheck;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;
import prekeeper.store.UnpackedBackup;

/** {@code prekeeper store verify}: looks at everything that is stored, and tells what is wrong. */
@Command(
        name = "verify",
        description = {
            "Checks that everything in the store still decodes and verifies, and tells what does not. Exit code 1 if anything.",
            "An embedded database must not be in use; a backup of it can be verified instead."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class VerifyCommand implements Callable<Integer> {
    private static final int MOST_LINES = 100;

    @Mixin
    private ConfigOption config;

    @Option(
            names = "--backup",
            paramLabel = "FILE",
            description = "verify this backup, not the database; it is unpacked beside itself meanwhile")
    private Path backup;

    private final Console console;
    private long faults;

    VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws SetupException {
        StoreSettings settings = config.loadForStore(console).store();
        if (backup == null) {
            try (JdbcPrekeyStore store = StoppedStore.open(settings)) {
                return verify(store);
            }
        }
        Path file = backup.toAbsolutePath();
        try (UnpackedBackup unpacked = UnpackedBackup.of(file, file.getParent());
                JdbcPrekeyStore store = JdbcPrekeyStore.open(unpacked.settings(settings))) {
            return verify(store);
        }
    }

    private int verify(JdbcPrekeyStore store) {
        StoreCheck check = new StoreCheck(Instant.now(), this::tell);
        try {
            store.contents().showTo(check);
        } catch (IOException e) {
            throw new UncheckedIOException("nothing that was called writes or reads", e);
        }
        StoreCheck.Summary summary = check.finish();
        if (summary.faults() > MOST_LINES) {
            console.result("and " + (summary.faults() - MOST_LINES) + " more");
        }
        console.result("verified %d devices (%d expired), %d prekey messages, %d remembered identifiers: %s"
                .formatted(
                        summary.devices(),
                        summary.expired(),
                        summary.prekeyMessages(),
                        summary.identifiers(),
                        summary.faults() == 0 ? "all right" : summary.faults() + " faults"));
        return summary.faults() == 0 ? Main.DONE : Main.PROBLEM;
    }

    private void tell(StoreCheck.Fault fault) {
        faults++;
        if (faults <= MOST_LINES) {
            console.result(fault.owner() + " " + fault.tag() + ": " + fault.what());
        }
    }
}
