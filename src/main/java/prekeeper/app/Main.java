package prekeeper.app;

import java.io.InputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.Charset;
import java.time.InstantSource;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;
import prekeeper.server.SetupException;
import prekeeper.store.StorageException;

/** The command line: {@code prekeeper COMMAND}. */
@Command(
        name = "prekeeper",
        description = "Keeps OTRv4 prekeys of people who are offline, and hands each out once.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "First steps:",
            "  prekeeper check-config --config /etc/prekeeper/prekeeper.conf",
            "  prekeeper run --config /etc/prekeeper/prekeeper.conf"
        })
public final class Main implements Runnable {
    /** Everything went well. */
    static final int DONE = 0;
    /** Something has to be mended; stderr says what. */
    static final int PROBLEM = 1;
    /** The command line is not understood. */
    static final int USAGE = 2;
    /** A server did not start, and does not before somebody mends its configuration: EX_CONFIG of sysexits.h, which systemd names. */
    static final int CONFIGURATION = 78;

    @Spec
    private CommandSpec spec;

    private Main() {}

    /** Runs the command and ends the process: 0 done, 1 a problem, 2 a command line that is not understood, 78 a server's configuration. */
    public static void main(String[] args) {
        System.exit(execute(new Console(System.out, System.err, System.getenv()), System.in, args));
    }

    /** Runs a command that reads no standard input, in this process, and returns its exit code. */
    static int execute(Console console, String... args) {
        return execute(console, InputStream.nullInputStream(), args);
    }

    /** Runs a command in this process and returns its exit code. */
    static int execute(Console console, InputStream in, String... args) {
        return execute(console, in, InstantSource.system(), args);
    }

    /** Runs a command in this process at the time that {@code clock} tells to whoever tries a deployment, and returns its exit code. */
    static int execute(Console console, InputStream in, InstantSource clock, String... args) {
        return commandLine(console, in, clock).execute(args);
    }

    /** All commands there are; {@code in}, {@code clock}: see {@link #execute}. */
    static CommandLine commandLine(Console console, InputStream in, InstantSource clock) {
        CommandLine key = new CommandLine(new KeyCommand());
        key.addSubcommand(new KeyCommand.Generate(console)).addSubcommand(new KeyCommand.Show(console));
        return new CommandLine(new Main())
                .addSubcommand(new RunCommand(console))
                .addSubcommand(new CheckConfigCommand(console))
                .addSubcommand(key)
                .addSubcommand(StoreCommand.with(console, in))
                .addSubcommand(new TryCommand(console, clock))
                .addSubcommand(new LoadCommand(console))
                .setOut(printer(console.out()))
                .setErr(printer(console.err()))
                .setParameterExceptionHandler((e, ignored) -> misunderstood(console, e))
                .setExecutionExceptionHandler((e, command, ignored) -> failed(console, e));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }

    private static int misunderstood(Console console, ParameterException e) {
        console.error(
                e instanceof UnmatchedArgumentException unmatched
                        ? "unknown option or argument " + names(unmatched)
                        : lowerFirst(e.getMessage().replaceFirst("^Error: ", "")));
        console.hint(e.getCommandLine().getCommandSpec().qualifiedName() + " --help tells what there is");
        return USAGE;
    }

    /** Without values: somebody may have tried to give a secret. */
    private static String names(UnmatchedArgumentException e) {
        return e.getUnmatched().stream()
                .limit(1)
                .map(argument -> argument.replaceFirst("=.*", ""))
                .collect(Collectors.joining());
    }

    private static int failed(Console console, Exception e) {
        if (e instanceof SetupException setup) {
            tell(console, setup);
        } else if (e instanceof StorageException) {
            console.error(e.getMessage());
        } else {
            console.error("unexpected " + e.getClass().getSimpleName() + ": " + e.getMessage());
            console.hint("this is a fault of prekeeper; please report it");
        }
        return PROBLEM;
    }

    /** Prints what has to be mended. */
    static void tell(Console console, SetupException setup) {
        setup.problems().forEach(console::error);
        setup.hint().ifPresent(console::hint);
    }

    private static String lowerFirst(String message) {
        return message.substring(0, 1).toLowerCase(Locale.ROOT) + message.substring(1);
    }

    private static PrintWriter printer(PrintStream stream) {
        return new PrintWriter(stream, true, Charset.defaultCharset());
    }

    /** For {@code --version}. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"prekeeper " + prekeeper.server.Version.current()};
        }
    }
}
