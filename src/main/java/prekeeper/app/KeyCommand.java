package prekeeper.app;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Point;
import prekeeper.crypto.SecretBytes;
import prekeeper.server.Exposure;
import prekeeper.server.KeyFile;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/** {@code prekeeper key}: the server's long-term identity. */
@Command(
        name = "key",
        description = "Makes or shows the server's identity key.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class KeyCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }

    /** Where the key is: named, or named by the configuration. */
    private static final class Place {
        @Option(names = "--key-file", required = true, paramLabel = "FILE", description = "the key file")
        private Path file;

        @Option(
                names = "--config",
                required = true,
                paramLabel = "FILE",
                description = "a configuration, whose key-file is meant")
        private Path config;

        Path keyFile(Console console) throws SetupException {
            return file != null
                    ? file
                    : Settings.load(config, console.environment()).keyFile();
        }
    }

    /** Makes a key where there is none. */
    @Command(
            name = "generate",
            description = "Makes a new identity key, and never overwrites one.",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Version.class)
    static final class Generate implements Callable<Integer> {
        @ArgGroup(multiplicity = "1")
        private Place place;

        private final Console console;

        Generate(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws SetupException {
            Path file = place.keyFile(console);
            try (SecretBytes key = KeyFile.create(file, new SecureRandom())) {
                console.result("made " + file);
                show(console, key);
            }
            console.hint("keep a copy of the key file in a safe place");
            return Main.DONE;
        }
    }

    /** Shows what is public of a key. */
    @Command(
            name = "show",
            description = "Shows the public key and the fingerprints that people compare.",
            mixinStandardHelpOptions = true,
            versionProvider = Main.Version.class)
    static final class Show implements Callable<Integer> {
        @ArgGroup(multiplicity = "1")
        private Place place;

        private final Console console;

        Show(Console console) {
            this.console = console;
        }

        @Override
        public Integer call() throws SetupException {
            Path file = place.keyFile(console);
            try (SecretBytes key = KeyFile.load(file)) {
                show(console, key);
            }
            console.warnings(Exposure.toAnybodyElse(file).map(List::of).orElse(List.of()));
            return Main.DONE;
        }
    }

    private static void show(Console console, SecretBytes symmetricKey) {
        try (Ed448KeyPair pair = Ed448KeyPair.fromSymmetricKey(symmetricKey)) {
            Point key = pair.publicKey().point();
            console.result("public key:");
            console.result("  " + key.encoded().toHex());
            console.result("fingerprint in clients that follow the published specification:");
            console.result("  " + Fingerprint.of(key, Draft.SPEC));
            console.result("fingerprint in clients that use libotr-ng:");
            console.result("  " + Fingerprint.of(key, Draft.DEPLOYED));
        }
    }
}
