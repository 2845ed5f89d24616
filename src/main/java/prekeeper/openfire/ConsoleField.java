package prekeeper.openfire;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import prekeeper.service.StockLimits;
import prekeeper.xmpp.ContactKind;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.Rate;
import prekeeper.xmpp.RateLimit;

/**
 * A setting that can be changed on the console page. Its label is among the page's texts, under {@code setting.} and its name
 * without {@link OpenfireSettings#PREFIX}.
 *
 * @param property its name among Openfire's properties
 * @param byDefault what holds when it is not set; empty for nothing
 * @param choices all that is allowed; empty when it is written freely
 */
record ConsoleField(String property, String byDefault, List<String> choices) {

    /** All of them, in the order of the page, for an Openfire of {@code domain}. */
    static List<ConsoleField> all(String domain) {
        List<ConsoleField> fields = new ArrayList<>();
        fields.add(written("subdomain", OpenfireSettings.DEFAULT_SUBDOMAIN));
        fields.add(chosen("store", OpenfireSettings.H2, OpenfireSettings.OPENFIRE));
        fields.add(written("publishers.domains", domain));
        fields.add(written("retrievers.domains", "*"));
        fields.add(written("admins", String.join(", ", OpenfireSettings.administrators())));
        for (ContactKind kind : ContactKind.values()) {
            fields.add(written("contacts." + kind.setting(), ""));
        }
        StockLimits stock = Limits.DEFAULT.stock();
        fields.add(written("low-stock.mark", stock.lowMark()));
        fields.add(chosen("low-stock.announce", "true", "false"));
        for (RateLimit limit : RateLimit.values()) {
            Rate rate = limit.byDefault();
            fields.add(written("limits." + limit.setting() + ".burst", rate.burst()));
            fields.add(written("limits." + limit.setting() + ".per-hour", rate.perHour()));
        }
        fields.add(written("limits.prekey-messages", stock.quotas().prekeyMessages()));
        fields.add(written("limits.devices", stock.quotas().devices()));
        fields.add(written("limits.publication-bytes", stock.publicationBytes()));
        fields.add(written("fragment-length", ""));
        return List.copyOf(fields);
    }

    private static ConsoleField written(String name, Object byDefault) {
        return new ConsoleField(OpenfireSettings.PREFIX + name, byDefault.toString(), List.of());
    }

    private static ConsoleField chosen(String name, String byDefault, String other) {
        return new ConsoleField(
                OpenfireSettings.PREFIX + name,
                byDefault,
                Stream.of(byDefault, other).toList());
    }

    String label() {
        return "setting." + property.substring(OpenfireSettings.PREFIX.length());
    }
}
