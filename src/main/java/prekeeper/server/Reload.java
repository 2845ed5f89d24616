package prekeeper.server;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import prekeeper.crypto.SecretBytes;
import prekeeper.xmpp.AccessRules;
import prekeeper.xmpp.DomainPolicy;
import prekeeper.xmpp.LiveLimits;

/**
 * What came of reading a configuration again.
 *
 * @param takenOver names of what has changed and is in force now
 * @param atRestart names of what has changed and is not before the next start
 */
public record Reload(List<String> takenOver, List<String> atRestart) {

    /** Puts in force what a running server can change. */
    static Reload into(LiveLimits limits, AccessRules rules, Settings started, Settings now) {
        List<String> taken = new ArrayList<>();
        if (!now.limits().equals(limits.current())) {
            limits.change(now.limits());
            taken.add("limits");
        }
        DomainPolicy domains = Server.domains(now);
        if (!domains.equals(rules.domains())) {
            rules.change(domains);
            taken.add("publishers and retrievers");
        }
        return new Reload(taken, atRestart(started, now));
    }

    private static List<String> atRestart(Settings started, Settings now) {
        List<String> names = new ArrayList<>();
        differ(names, "component", started, now, Reload::component);
        differ(
                names,
                "store",
                started,
                now,
                settings -> List.of(
                        settings.store().url(),
                        settings.store().user(),
                        settings.store().takingsFile()));
        if (!same(started.store().password(), now.store().password())
                || !same(started.link().map(Settings.Link::secret), now.link().map(Settings.Link::secret))) {
            names.add("secrets");
        }
        differ(names, "key-file", started, now, Settings::keyFile);
        differ(names, "admins", started, now, Settings::admins);
        differ(names, "contacts", started, now, Settings::contacts);
        differ(names, "metrics", started, now, Settings::metrics);
        return names;
    }

    private static List<?> component(Settings settings) {
        return List.of(
                settings.jid(),
                settings.link().map(Settings.Link::host),
                settings.link().map(Settings.Link::port));
    }

    private static void differ(
            List<String> names, String name, Settings started, Settings now, Function<Settings, Object> part) {
        if (!Objects.equals(part.apply(started), part.apply(now))) {
            names.add(name);
        }
    }

    private static boolean same(Optional<SecretBytes> one, Optional<SecretBytes> other) {
        if (one.isEmpty() || other.isEmpty()) {
            return one.isPresent() == other.isPresent();
        }
        byte[] copy = other.get().toByteArray();
        try {
            return one.get().matches(copy);
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }
}
