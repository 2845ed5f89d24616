package prekeeper.trial;

import java.util.Optional;
import java.util.function.Supplier;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;

/**
 * What a {@link Trial} is told.
 *
 * @param publisher whose throwaway devices are published
 * @param retriever who retrieves their prekeys; the publisher when there is nobody else
 * @param server where the prekey server should be, a domain
 * @param fingerprint that the server must have, in hexadecimal digits of either draft
 * @param component finds out with the component's secret why it is not connected; empty when that tells nothing
 */
public record TrialSettings(
        Account publisher,
        Optional<Account> retriever,
        Reach reach,
        Optional<String> server,
        Optional<String> fingerprint,
        Supplier<Optional<Cause>> component) {

    /** @throws IllegalArgumentException when {@code server} is no domain; its text can be shown */
    public TrialSettings {
        var unused = server.map(TrialSettings::domain);
    }

    /** Where the prekey server should be: as told, else where most are. */
    DomainBareJid expected() {
        return domain(server.orElseGet(() -> "prekey." + publisher.jid().getDomain()));
    }

    private static DomainBareJid domain(String address) {
        try {
            return JidCreate.domainBareFrom(address);
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException(address + " is no domain", e);
        }
    }
}
