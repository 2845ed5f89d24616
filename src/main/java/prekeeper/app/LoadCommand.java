package prekeeper.app;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;
import prekeeper.trial.Aim;
import prekeeper.trial.LatencyPicture;
import prekeeper.trial.Load;
import prekeeper.trial.LoadException;
import prekeeper.trial.LoadKind;
import prekeeper.trial.LoadReport;
import prekeeper.trial.LoadSettings;
import prekeeper.trial.Reach;

/** {@code prekeeper load}: simulated users, and how long they wait. */
@Command(
        name = "load",
        description = {
            "Puts simulated users on a prekey server and tells how long they wait, so that a machine can be sized.",
            "Each account logs in with a device that is thrown away in the end. Retrievals take prekey messages of all devices of"
                    + " these accounts: use accounts that were made for this."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {"", "For example:", "  prekeeper load --accounts accounts.txt --host localhost --handshakes 20"})
final class LoadCommand implements Callable<Integer> {
    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().serializeNulls().create();
    /** For devices to be forgotten and figures to be printed after Ctrl-C. */
    private static final Duration LONGEST_END = Duration.ofMinutes(3);

    @Option(
            names = "--accounts",
            required = true,
            paramLabel = "FILE",
            description = "on each line the address of an account, a space and its password; a user is made of each")
    private Path accountsFile;

    @Mixin
    private ReachOptions reachOptions;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            converter = Time.class,
            defaultValue = "60s",
            description = "how long, such as 90s, 10m or 1h; by default 60s")
    private Duration duration;

    @Option(names = "--handshakes", paramLabel = "RATE", description = "a second, such as 2.5; by default none")
    private double handshakes;

    @Option(names = "--publications", paramLabel = "RATE", description = "a second; by default none")
    private double publications;

    @Option(names = "--retrievals", paramLabel = "RATE", description = "a second; by default none")
    private double retrievals;

    @Option(
            names = "--messages",
            paramLabel = "N",
            defaultValue = "100",
            description = "prekey messages in a publication, from 1 to 100; by default 100")
    private int messages;

    @Option(
            names = "--server",
            paramLabel = "JID",
            description = "the prekey server, in place of the one that the accounts' domains list")
    private Optional<String> server;

    @Option(
            names = "--picture",
            paramLabel = "FILE.svg",
            description = "draws latencies over percentiles; a file that is there is replaced")
    private Optional<Path> picture;

    @Option(names = "--json", description = "prints one JSON object in place of the table")
    private boolean json;

    @Option(names = "--yes", description = "does not ask whether the load may go to a machine that is not this one")
    private boolean yes;

    @Spec
    private CommandSpec spec;

    private final Console console;
    private final Consent consent;

    LoadCommand(Console console) {
        this(console, Consent.at(console));
    }

    LoadCommand(Console console, Consent consent) {
        this.console = console;
        this.consent = consent;
    }

    @Override
    public Integer call() throws SetupException, InterruptedException {
        LoadSettings settings = settings();
        Reach reach = reachOptions.reach();
        List<Account> accounts = AccountsFile.read(accountsFile, console);
        try {
            Load load = load(settings, accounts, reach);
            List<Aim> aims = aims(accounts, reach);
            checkPicture();
            consent.obtain(aims, intentions(settings, accounts.size()), yes);
            return measure(load, settings) ? Main.DONE : Main.PROBLEM;
        } finally {
            accounts.forEach(account -> account.password().close());
        }
    }

    private LoadSettings settings() {
        try {
            return new LoadSettings(
                    duration,
                    Map.of(
                            LoadKind.HANDSHAKES, handshakes,
                            LoadKind.PUBLICATIONS, publications,
                            LoadKind.RETRIEVALS, retrievals),
                    messages,
                    server);
        } catch (IllegalArgumentException e) {
            throw misused(e.getMessage());
        }
    }

    private Load load(LoadSettings settings, List<Account> accounts, Reach reach) {
        try {
            return new Load(settings, accounts, reach, new SecureRandom(), Clock.systemUTC());
        } catch (IllegalArgumentException e) {
            throw misused(e.getMessage());
        }
    }

    private List<Aim> aims(List<Account> accounts, Reach reach) throws SetupException {
        try {
            return Aim.of(accounts, reach, server, InetAddress::getAllByName);
        } catch (UnknownHostException e) {
            throw new SetupException(
                    "no address is known of the host " + reach.host().orElseThrow(), "--host names the XMPP server");
        }
    }

    private ParameterException misused(String what) {
        return new ParameterException(spec.commandLine(), what);
    }

    private static List<String> intentions(LoadSettings settings, int users) {
        List<String> lines = new ArrayList<>();
        lines.add("with " + users + (users == 1 ? " user" : " users") + " for "
                + settings.duration().toSeconds() + " s. " + rates(settings) + ".");
        if (settings.rates().get(LoadKind.RETRIEVALS) > 0) {
            lines.add("Retrievals take prekey messages of all devices of these accounts.");
        }
        return lines;
    }

    private static String rates(LoadSettings settings) {
        return settings.rates().entrySet().stream()
                .filter(rate -> rate.getValue() > 0)
                .map(rate -> rate.getKey().label()
                        + (rate.getKey() == LoadKind.PUBLICATIONS
                                ? " of " + settings.messages() + " prekey messages "
                                : " ")
                        + number(rate.getValue()))
                .collect(Collectors.joining(", ", "A second: ", ""));
    }

    private static String number(double rate) {
        return BigDecimal.valueOf(rate).stripTrailingZeros().toPlainString();
    }

    /**
     * Ctrl-C ends the load, and this process when devices are forgotten and the figures are printed.
     *
     * @return whether there are any
     */
    private boolean measure(Load load, LoadSettings settings) throws SetupException, InterruptedException {
        CountDownLatch told = new CountDownLatch(1);
        Thread hook = new Thread(
                () -> {
                    load.stop();
                    await(told);
                },
                "load-end");
        Runtime.getRuntime().addShutdownHook(hook);
        try {
            LoadReport report = run(load);
            tell(report, settings);
            return report.kinds().stream().anyMatch(kind -> kind.answered() > 0);
        } finally {
            told.countDown();
            remove(hook);
        }
    }

    private LoadReport run(Load load) throws SetupException, InterruptedException {
        LoadProgress progress = LoadProgress.show(load, duration, console.err());
        try {
            return load.run();
        } catch (LoadException e) {
            e.problems().forEach(console::error);
            throw new SetupException("nothing could be measured", e.hint());
        } finally {
            progress.close();
        }
    }

    private static void remove(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException e) {
            // it runs
        }
    }

    private static void await(CountDownLatch told) {
        try {
            var unused = told.await(LONGEST_END.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tell(LoadReport report, LoadSettings settings) throws SetupException {
        LoadResult result = new LoadResult(report);
        if (json) {
            console.result(GSON.toJson(result.json()));
        } else {
            result.lines().forEach(console::result);
        }
        console.warnings(result.warnings());
        result.hint().ifPresent(console::hint);
        if (picture.isPresent()) {
            draw(picture.get(), report, settings);
        }
    }

    /** Better before than after an hour. */
    private void checkPicture() throws SetupException {
        if (picture.isPresent()) {
            Path file = picture.get().toAbsolutePath();
            if (!Files.isDirectory(file.getParent())
                    || !Files.isWritable(Files.exists(file) ? file : file.getParent())
                    || Files.isDirectory(file)) {
                throw new SetupException(
                        file + ": can not be written", "--picture names a file in a folder that is there");
            }
        }
    }

    private static void draw(Path file, LoadReport report, LoadSettings settings) throws SetupException {
        String svg = new LatencyPicture(
                        "Latency of " + String.join(", ", report.servers()),
                        report.users() + " users, " + report.elapsed().toSeconds() + " s. " + rates(settings),
                        report.kinds())
                .svg();
        try {
            Files.writeString(file, svg, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new SetupException(
                    file + ": can not be written (" + e.getMessage() + ")",
                    "the figures above are complete without it");
        }
    }

    private static final class Time implements ITypeConverter<Duration> {
        private static final Pattern TIME = Pattern.compile("([0-9]{1,6})([smh])");

        @Override
        public Duration convert(String value) {
            Matcher matcher = TIME.matcher(value);
            if (!matcher.matches()) {
                throw new TypeConversionException("'" + value + "' is no time such as 90s, 10m or 1h");
            }
            long number = Long.parseLong(matcher.group(1));
            return switch (matcher.group(2)) {
                case "s" -> Duration.ofSeconds(number);
                case "m" -> Duration.ofMinutes(number);
                default -> Duration.ofHours(number);
            };
        }
    }
}
