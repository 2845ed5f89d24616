package prekeeper.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import prekeeper.server.SetupException;
import prekeeper.store.JdbcPrekeyStore;
import prekeeper.store.StoreSettings;

/** {@code prekeeper store import}: fills an empty store, or adds what another prekey server kept. */
@Command(
        name = "import",
        description =
                "Fills a store without devices with what \"prekeeper store export\" wrote, all of it or nothing; or adds"
                        + " what otrng-prekey-server kept in files.",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class ImportCommand implements Callable<Integer> {
    @Mixin
    private ConfigOption config;

    @ArgGroup(multiplicity = "1")
    private What what;

    private final Console console;
    private final InputStream in;

    private static final class What {
        @Parameters(paramLabel = "FILE", description = "an export; - is the standard input")
        private String export;

        @ArgGroup(exclusive = false, multiplicity = "1")
        private Otrng otrng;
    }

    private static final class Otrng {
        @Option(
                names = "--from-otrng",
                required = true,
                paramLabel = "FOLDER",
                description = "what follows dir: in the -storage of otrng-prekey-server, which must not run")
        private Path folder;

        @Option(
                names = "--accounts",
                required = true,
                paramLabel = "FILE",
                description = "the accounts to import, a bare JID on each line: the folder has only hashes of them")
        private Path accounts;
    }

    ImportCommand(Console console, InputStream in) {
        this.console = console;
        this.in = in;
    }

    @Override
    public Integer call() throws SetupException {
        StoreSettings settings = config.loadForStore(console).store();
        if (what.otrng != null) {
            importFromOtrng(settings);
        } else if (what.export.equals("-")) {
            importExport(settings, "standard input", in);
        } else {
            try (InputStream file = Files.newInputStream(Path.of(what.export))) {
                importExport(settings, what.export, file);
            } catch (NoSuchFileException e) {
                throw new SetupException(what.export + ": no such file", "prekeeper store export makes one");
            } catch (IOException e) {
                throw new SetupException(List.of(what.export + ": can not be read (" + e.getMessage() + ")"));
            }
        }
        return Main.DONE;
    }

    private void importExport(StoreSettings settings, String name, InputStream from) throws SetupException {
        ExportReader reader = new ExportReader(name, from);
        try (JdbcPrekeyStore store = StoppedStore.openOrMake(settings)) {
            store.contents().fillFrom(reader);
        } catch (IOException wrong) {
            String text = wrong instanceof ExportReader.WrongLineException
                    ? wrong.getMessage()
                    : name + ": can not be read (" + wrong.getMessage() + ")";
            throw new SetupException(text, "nothing was imported");
        }
        console.result("imported " + reader.counts());
    }

    private void importFromOtrng(StoreSettings settings) throws SetupException {
        Path folder = what.otrng.folder;
        if (!Files.isDirectory(folder)) {
            throw new SetupException(
                    folder + ": no such folder", "it follows dir: in the -storage of otrng-prekey-server");
        }
        Map<String, String> accounts = AccountList.read(what.otrng.accounts);
        try (JdbcPrekeyStore store = StoppedStore.openOrMake(settings)) {
            OtrngImport run =
                    new OtrngImport(new OtrngFolder(folder), store, store.inventory(), Instant.now(), console::result);
            console.result(run.run(accounts));
        } catch (IOException unreadable) {
            throw new SetupException(
                    "can not read everything in " + folder + " (" + unreadable.getMessage()
                            + "); what was imported before stays",
                    "stop otrng-prekey-server, run this as a user that may read its files, and run it again: it goes on");
        }
    }
}
