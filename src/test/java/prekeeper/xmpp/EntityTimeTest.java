package prekeeper.xmpp;

import static prekeeper.xmpp.Stanzas.assertResult;
import static prekeeper.xmpp.Stanzas.iq;

import java.time.Instant;
import org.junit.jupiter.api.Test;

class EntityTimeTest {

    @Test
    void theTimeByWhichProfilesExpireIsToldInUtcToTheSecond() {
        EntityTime time = new EntityTime(() -> Instant.parse("2026-11-27T12:30:59.987Z"));
        assertResult(
                "<time xmlns='urn:xmpp:time'><tzo>+00:00</tzo><utc>2026-11-27T12:30:59Z</utc></time>",
                time.answer(iq("get", "<time xmlns='urn:xmpp:time'/>")));
    }
}
