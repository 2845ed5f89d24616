package prekeeper.client.smack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Optional;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StanzaError;
import org.jivesoftware.smack.util.PacketParserUtils;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How long a server asks its clients to wait (docs/protocol.md, "Errors"), in errors as Smack parses them. */
class RetryAfterTest {

    @ParameterizedTest
    @CsvSource({"0, 0", "30, 30", "3600, 3600", "3601, 3600", "999999999, 3600"})
    void secondsAreTakenUpToAnHour(String seconds, long expected) throws Exception {
        assertEquals(
                Optional.of(Duration.ofSeconds(expected)),
                retryAfter("<retry xmlns='prekeeper:otrv4-prekey:0' seconds='" + seconds + "'/>"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "<retry xmlns='prekeeper:otrv4-prekey:0'/>",
                "<retry xmlns='prekeeper:otrv4-prekey:0' seconds='-1'/>",
                "<retry xmlns='prekeeper:otrv4-prekey:0' seconds='soon'/>",
                "<retry xmlns='prekeeper:otrv4-prekey:0' seconds='9999999999'/>",
                "<retry xmlns='urn:example:other' seconds='30'/>"
            })
    void anythingElseAsksForNothing(String application) throws Exception {
        assertEquals(Optional.empty(), retryAfter(application));
    }

    private static Optional<Duration> retryAfter(String application) throws Exception {
        StanzaError error = PacketParserUtils.parseStanza(
                        "<iq xmlns='jabber:client' type='error' id='1' from='prekey.example.org'><error type='wait'>"
                                + "<resource-constraint xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>" + application
                                + "</error></iq>")
                .getError();
        return StockKeeper.retryAfter(new XMPPErrorException(null, error));
    }
}
