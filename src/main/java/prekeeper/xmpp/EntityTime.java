package prekeeper.xmpp;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import org.dom4j.Element;
import org.xmpp.packet.IQ;

/** XEP-0202: the time by which profiles are taken for expired. Tells no time zone: that helps nobody here. */
final class EntityTime {
    private final InstantSource clock;

    EntityTime(InstantSource clock) {
        this.clock = clock;
    }

    IQ answer(IQ request) {
        IQ answer = IQ.createResultIQ(request);
        Element time = answer.setChildElement("time", PrekeyComponent.NAMESPACE_ENTITY_TIME);
        time.addElement("tzo").setText("+00:00");
        time.addElement("utc")
                .setText(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        return answer;
    }
}
