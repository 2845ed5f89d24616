package prekeeper.xmpp.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.xmpp.forms.FormField;
import prekeeper.service.StockLimits;
import prekeeper.store.Quotas;
import prekeeper.xmpp.Limits;
import prekeeper.xmpp.Rate;
import prekeeper.xmpp.RateLimit;
import prekeeper.xmpp.Stage;
import prekeeper.xmpp.Submission;
import prekeeper.xmpp.Submissions;

class SetLimitsTest extends CommandFixture {
    private final Stage.Ask first = begin(new SetLimits(limits), ADMIN);

    private Submission changed(String variable, String value) {
        Map<String, List<String>> filled = new HashMap<>();
        for (FormField field : first.form().getFields()) {
            filled.put(field.getVariable(), field.getValues());
        }
        filled.put(variable, List.of(value));
        return Submissions.of(filled);
    }

    @Test
    void aFormThatIsSubmittedAsItIsChangesNothing() {
        assertEquals("The limits are in force until the next start.", note(submit(first, changed("low-mark", "10"))));
        assertEquals(Limits.DEFAULT, limits.current());
    }

    @Test
    void everyLimitCanBeChanged() {
        for (RateLimit limit : RateLimit.values()) {
            submit(first, changed(limit.setting() + "-burst", "77"));
            assertEquals(77, limits.current().rates().get(limit).burst());
            submit(first, changed(limit.setting() + "-per-hour", "78"));
            assertEquals(
                    new Rate(limit.byDefault().burst(), 78),
                    limits.current().rates().get(limit));
        }
        submit(first, changed("prekey-messages", "79"));
        assertEquals(new StockLimits(new Quotas(79, 8), 131_072, 10), limits.stock());
        submit(first, changed("devices", "80"));
        assertEquals(new StockLimits(new Quotas(500, 80), 131_072, 10), limits.stock());
        submit(first, changed("publication-bytes", "4096"));
        assertEquals(new StockLimits(new Quotas(500, 8), 4_096, 10), limits.stock());
        submit(first, changed("low-mark", "0"));
        assertEquals(new StockLimits(new Quotas(500, 8), 131_072, 0), limits.stock());
        submit(first, changed("announce-low-stock", "0"));
        assertEquals(false, limits.current().announceLowStock());
        submit(first, changed("fragment-length", "200"));
        assertEquals(OptionalInt.of(200), limits.current().fragmentLength());
    }

    @Test
    void whatAClientLeavesOutStaysAsItIs() {
        submit(first, changed("fragment-length", "200"));
        submit(first, Submissions.of("low-mark", "3"));
        assertEquals(
                new Limits(Map.of(), new StockLimits(new Quotas(500, 8), 131_072, 3), true, OptionalInt.of(200)),
                limits.current());
        submit(first, Submissions.of("fragment-length", ""));
        assertEquals(OptionalInt.empty(), limits.current().fragmentLength());
    }

    @Test
    void whatIsNotAllowedIsSaidAndChangesNothing() {
        assertEquals(
                "handshakes-burst is \"0\", a number from 1 to 1000000 is allowed.",
                refusal(first, changed("handshakes-burst", "0")));
        assertEquals(
                "devices is \"many\", a number from 1 to 1000 is allowed.", refusal(first, changed("devices", "many")));
        assertEquals(
                "fragment-length is \"99\", a number from 100 to 1000000 is allowed.",
                refusal(first, changed("fragment-length", "99")));
        assertEquals(
                "announce-low-stock is \"perhaps\", true or false is allowed.",
                refusal(first, changed("announce-low-stock", "perhaps")));
        assertEquals("low-mark is missing.", refusal(first, changed("low-mark", "")));
        assertEquals(Limits.DEFAULT, limits.current());
    }
}
