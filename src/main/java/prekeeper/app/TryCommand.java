package prekeeper.app;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import prekeeper.server.Settings;
import prekeeper.server.SetupException;
import prekeeper.trial.Account;
import prekeeper.trial.Cause;
import prekeeper.trial.Finding;
import prekeeper.trial.Finding.Verdict;
import prekeeper.trial.Reach;
import prekeeper.trial.Trial;
import prekeeper.trial.TrialSettings;
import prekeeper.xmpp.ComponentProbe;

/** {@code prekeeper try}: proves a deployment as its users meet it, a line for each step. */
@Command(
        name = "try",
        description = {
            "Proves that a prekey server works, as clients meet it, and says why when it does not.",
            "Publishes throwaway devices, retrieves what they published, and has them forgotten. Each try takes prekey"
                    + " messages of all devices of the first account: use one of its own."
        },
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        footer = {
            "",
            "Passwords come from --accounts, from PREKEEPER_PASSWORD and PREKEEPER_PASSWORD_2, or are asked for.",
            "Exit status: 0 when all is well, 1 when a step failed, 2 for a command line that is not understood."
        })
final class TryCommand implements Callable<Integer> {
    @Parameters(
            index = "0",
            paramLabel = "PUBLISHER",
            description = "the account whose devices are published, such as alice@example.org")
    private String publisher;

    @Parameters(
            index = "1",
            arity = "0..1",
            paramLabel = "RETRIEVER",
            description = "the account that retrieves; the first one when there is no other")
    private Optional<String> retriever = Optional.empty();

    @Option(
            names = "--accounts",
            paramLabel = "FILE",
            description = "passwords: a line for each account, its address, a space, its password")
    private Optional<Path> accounts = Optional.empty();

    @Mixin
    private ReachOptions reach;

    @Option(
            names = "--server",
            paramLabel = "JID",
            description =
                    "where the prekey server should be (prekey. and the publisher's domain, or as --config has it)")
    private Optional<String> server = Optional.empty();

    @Option(
            names = "--fingerprint",
            paramLabel = "HEX",
            description = "that the prekey server must have, as prekeeper key show prints it")
    private Optional<String> fingerprint = Optional.empty();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "the prekey server's configuration: tells more of why it is not connected")
    private Optional<Path> config = Optional.empty();

    @Option(names = "--json", description = "one JSON object in place of lines")
    private boolean json;

    private final Console console;
    private final InstantSource clock;

    TryCommand(Console console, InstantSource clock) {
        this.console = console;
        this.clock = clock;
    }

    @Override
    public Integer call() throws SetupException, InterruptedException {
        Reach how = reach.reach();
        Optional<Settings> settings =
                config.isEmpty() ? Optional.empty() : Optional.of(Settings.load(config.get(), console.environment()));
        List<Account> known = accounts.isEmpty() ? List.of() : AccountsFile.read(accounts.get(), console);
        Passwords passwords = new Passwords(console, known);
        List<Account> used = new ArrayList<>();
        try {
            used.add(passwords.account(publisher, 1));
            if (retriever.isPresent()) {
                used.add(passwords.account(retriever.get(), 2));
            }
            Optional<String> expected = server.or(() -> settings.map(Settings::jid));
            return run(new TrialSettings(
                    used.get(0),
                    used.stream().skip(1).findFirst(),
                    how,
                    expected,
                    fingerprint,
                    () -> settings.flatMap(this::askAsComponent)));
        } catch (IllegalArgumentException e) {
            throw new SetupException(e.getMessage(), "--server takes a domain such as prekey.example.org");
        } finally {
            known.forEach(account -> account.password().close());
            used.forEach(account -> account.password().close());
        }
    }

    private int run(TrialSettings settings) throws InterruptedException {
        List<Finding> findings = new ArrayList<>();
        Consumer<Finding> told = json
                ? findings::add
                : finding -> {
                    findings.add(finding);
                    print(finding);
                };
        Trial trial = new Trial(settings, clock, new SecureRandom(), told);
        boolean passed = trial.run();
        if (json) {
            console.result(json(trial, passed, findings).toString());
        } else {
            console.result("");
            console.result(summary(passed, findings));
        }
        return passed ? Main.DONE : Main.PROBLEM;
    }

    private void print(Finding finding) {
        console.result(String.format(
                Locale.ROOT,
                "%-7s %6.2f s  %s%s",
                word(finding.verdict()),
                seconds(finding),
                finding.step(),
                finding.detail().isEmpty() ? "" : ": " + finding.detail()));
        finding.cause().ifPresent(cause -> {
            console.result("                   why: " + cause.why());
            console.result("                   try: " + cause.remedy());
        });
    }

    private static String word(Verdict verdict) {
        return switch (verdict) {
            case PASSED -> "ok";
            case WARNING -> "warning";
            case FAILED -> "FAILED";
            case SKIPPED -> "skipped";
        };
    }

    private static String summary(boolean passed, List<Finding> findings) {
        long warnings = findings.stream()
                .filter(finding -> finding.verdict() == Verdict.WARNING)
                .count();
        double all = findings.stream().mapToDouble(TryCommand::seconds).sum();
        return String.format(
                Locale.ROOT,
                "%s in %.1f s%s.",
                passed ? "All is well, found" : "It does not work, found",
                all,
                warnings == 0 ? "" : ", with " + warnings + (warnings == 1 ? " warning" : " warnings"));
    }

    private static double seconds(Finding finding) {
        return finding.took().toNanos() / 1e9;
    }

    private static JsonObject json(Trial trial, boolean passed, List<Finding> findings) {
        JsonObject json = new JsonObject();
        json.addProperty("passed", passed);
        trial.server().ifPresent(found -> json.addProperty("server", found));
        JsonArray steps = new JsonArray();
        findings.forEach(finding -> steps.add(json(finding)));
        json.add("steps", steps);
        return json;
    }

    private static JsonObject json(Finding finding) {
        JsonObject step = new JsonObject();
        step.addProperty("step", finding.step());
        step.addProperty("verdict", finding.verdict().name().toLowerCase(Locale.ROOT));
        step.addProperty("seconds", seconds(finding));
        if (!finding.detail().isEmpty()) {
            step.addProperty("detail", finding.detail());
        }
        finding.cause().ifPresent(cause -> {
            step.addProperty("cause", cause.why());
            step.addProperty("remedy", cause.remedy());
        });
        return step;
    }

    /** Nothing is connected by the component's name: finds out with its own secret why. */
    private Optional<Cause> askAsComponent(Settings settings) {
        return settings.connection().flatMap(connection -> {
            String there = connection.server();
            return switch (ComponentProbe.ask(connection)) {
                case ACCEPTED ->
                    Optional.of(new Cause(
                            "prekeeper is down, or has not read its secret since that was changed: no component is connected as "
                                    + settings.jid() + ", and the XMPP server takes the secret that " + config.get()
                                    + " gives",
                            "restart it: systemctl restart prekeeper; its log tells why when it does not stay"));
                case REFUSED_SECRET ->
                    Optional.of(new Cause(
                            "the secret is wrong: the XMPP server at " + there + " refuses the one that " + config.get()
                                    + " gives",
                            "give both the same secret, let the XMPP server read its configuration again, and restart"
                                    + " prekeeper"));
                case UNKNOWN_NAME ->
                    Optional.of(new Cause(
                            "the XMPP server at " + there + " has no component " + settings.jid()
                                    + " in its configuration",
                            "add it there; conf/ has examples"));
                case NO_ANSWER ->
                    Optional.of(new Cause(
                            "no XMPP server answers at " + there + ", where " + config.get()
                                    + " says that its component port is",
                            "compare that with the XMPP server's configuration: component_ports in Prosody, the"
                                    + " ejabberd_service listener in ejabberd"));
                case CONNECTED_ALREADY -> Optional.empty();
            };
        });
    }
}
