package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StanzaError;
import org.junit.jupiter.api.Test;

class OutcomeTest {
    @Test
    void aLimitIsARefusalAndNoFailure() {
        assertEquals(new Outcome.Refused(), Outcome.of(error(StanzaError.Condition.resource_constraint)));
    }

    @Test
    void otherErrorsAreFailuresThatSayWhich() {
        assertEquals(new Outcome.Failed("stanza error forbidden"), Outcome.of(error(StanzaError.Condition.forbidden)));
        assertEquals(
                new Outcome.Failed("stanza error service-unavailable"),
                Outcome.of(error(StanzaError.Condition.service_unavailable)));
        assertEquals(new Outcome.Failed("the connection was lost"), Outcome.of(new NotConnectedException()));
        assertEquals(
                new Outcome.Failed("unexpected IllegalStateException"), Outcome.of(new IllegalStateException("x")));
    }

    private static XMPPErrorException error(StanzaError.Condition condition) {
        return new XMPPErrorException(null, StanzaError.getBuilder(condition).build());
    }
}
