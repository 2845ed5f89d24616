package prekeeper.xmpp;

import static prekeeper.xmpp.Stanzas.application;
import static prekeeper.xmpp.Stanzas.assertError;
import static prekeeper.xmpp.Stanzas.condition;
import static prekeeper.xmpp.Stanzas.iq;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.xmpp.packet.IQ;
import prekeeper.service.Refusal;

/** The table of docs/protocol.md, "Errors". */
class StanzaErrorsTest {
    private final IQ request = iq("set", "<dake xmlns='prekeeper:otrv4-prekey:0'/>");

    @ParameterizedTest
    @CsvSource({
        "MALFORMED,             modify, bad-request,           malformed",
        "UNSUPPORTED_VERSION,   modify, not-acceptable,        unsupported-version",
        "INVALID,               auth,   not-authorized,        invalid",
        "EXPIRED,               modify, not-acceptable,        expired",
        "NO_HANDSHAKE,          modify, unexpected-request,    no-handshake",
        "PUBLISHER_NOT_ALLOWED, auth,   forbidden,             publisher-not-allowed",
        "RETRIEVER_NOT_ALLOWED, auth,   forbidden,             ",
        "STORE_UNAVAILABLE,     wait,   internal-server-error, ",
    })
    void everyRefusalHasItsError(Refusal why, String type, String condition, String element) {
        assertError(
                type,
                condition(condition) + (element == null ? "" : application(element)),
                StanzaErrors.refused(request, why));
    }

    @Test
    void tooLargeTellsWhatIsAllowed() {
        assertError(
                "modify",
                condition("not-acceptable") + application("too-large max-bytes='1000'"),
                StanzaErrors.tooLarge(request, 1000));
    }

    @Test
    void overloadTellsWhenToTryAgain() {
        assertError(
                "wait",
                condition("resource-constraint") + application("retry seconds='5'"),
                StanzaErrors.tryLater(request, Duration.ofSeconds(5)));
    }
}
