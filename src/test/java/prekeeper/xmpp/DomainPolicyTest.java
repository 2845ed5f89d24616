package prekeeper.xmpp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xmpp.packet.JID;
import prekeeper.service.Peer;

class DomainPolicyTest {

    @ParameterizedTest
    @CsvSource({
        "*, example.org, true",
        "example.org, example.org, true",
        "example.org, im.example.org, false",
        "example.org, badexample.org, false",
        "example.org, example.org.evil.net, false",
        "*.example.org, im.example.org, true",
        "*.example.org, a.b.example.org, true",
        "*.example.org, example.org, false",
        "*.example.org, badexample.org, false",
    })
    void anEntryCoversWhatItSays(String entry, String domain, boolean covered) {
        assertEquals(covered, DomainList.of(entry).covers(domain));
    }

    @Test
    void anEmptyListCoversNobody() {
        assertFalse(DomainList.of().covers("example.org"));
    }

    @Test
    void domainsAreWrittenInAnyCaseAndLanguageAndKeptAsTinderDoes() {
        DomainList list = DomainList.of("Example.ORG", "*.Bücher.example");
        assertEquals(DomainList.of("example.org", "*.xn--bcher-kva.example"), list);
        assertTrue(list.covers(new JID("eva@im.bücher.example").getDomain()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "*.", "**", "*example.org", "a b.org", "eva@example.org", "example.org/x", "a..b", "*.*.org"
            })
    void whatIsNoDomainIsRefused(String entry) {
        assertTrue(DomainList.prepareEntry(entry).isEmpty());
        assertThrows(IllegalArgumentException.class, () -> DomainList.of(entry));
    }

    @Test
    void publishersAndRetrieversAreDecidedByTheDomainOfTheirAccount() {
        DomainPolicy policy = new DomainPolicy(DomainList.of("example.org"), DomainList.of("*.example.net"));
        Peer local = new Peer("eva@example.org/phone", "eva@example.org");
        Peer remote = new Peer("bob@im.example.net/x", "bob@im.example.net");
        assertTrue(policy.mayPublish(local));
        assertFalse(policy.mayRetrieve(local));
        assertFalse(policy.mayPublish(remote));
        assertTrue(policy.mayRetrieve(remote));
    }

    @Test
    void aDomainWithoutAnAccountMayRetrieveButNeverPublish() {
        DomainPolicy policy = new DomainPolicy(DomainList.of("*"), DomainList.of("example.org"));
        Peer component = new Peer("example.org", "example.org");
        assertTrue(policy.mayRetrieve(component));
        assertFalse(policy.mayPublish(component));
    }

    @Test
    void aResourceThatLooksLikeADomainDecidesNothing() {
        DomainPolicy policy = new DomainPolicy(DomainList.of("example.org"), DomainList.of());
        assertFalse(policy.mayPublish(new Peer("eva@evil.net/x@example.org", "eva@evil.net")));
    }
}
