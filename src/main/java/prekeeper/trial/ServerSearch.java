package prekeeper.trial;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smackx.disco.ServiceDiscoveryManager;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverItems;
import org.jxmpp.jid.DomainBareJid;
import org.jxmpp.jid.Jid;
import prekeeper.client.smack.PrekeyManager;
import prekeeper.client.smack.PrekeyServer;

/**
 * Finds the prekey server of a domain as clients do, and finds out why they can not.
 *
 * @param expected where it should be
 * @param component what can be found out with the component's own secret; empty when that tells nothing, or is not known
 */
record ServerSearch(
        XMPPConnection connection, DomainBareJid domain, DomainBareJid expected, Supplier<Optional<Cause>> component) {

    /** The one that clients find first. */
    PrekeyServer findFirst() throws NotConnectedException, InterruptedException, Failure {
        try {
            Optional<PrekeyServer> found =
                    PrekeyManager.getInstanceFor(connection).findServer(domain);
            if (found.isPresent()) {
                return found.get();
            }
        } catch (XMPPErrorException | NoResponseException e) {
            // what is wrong is found out below
        }
        throw new Failure(cause());
    }

    /** The expected one, which is listed beside others. */
    PrekeyServer findExpected() throws NotConnectedException, InterruptedException, Failure {
        PrekeyServer first = findFirst();
        if (expected.equals(first.jid())) {
            return first;
        }
        try {
            Optional<PrekeyServer> server =
                    PrekeyManager.getInstanceFor(connection).askServer(expected);
            if (server.isPresent() && items().contains(expected.toString())) {
                return server.get();
            }
        } catch (XMPPErrorException | NoResponseException e) {
            // what is wrong is found out below
        }
        throw new Failure(cause());
    }

    private Cause cause() throws NotConnectedException, InterruptedException {
        try {
            return PrekeyManager.getInstanceFor(connection).askServer(expected).isPresent() ? notListed() : another();
        } catch (XMPPErrorException e) {
            return component.get().orElseGet(() -> notConnected(e));
        } catch (NoResponseException e) {
            return new Cause(
                    expected + " is there, and gives no answer",
                    "it hangs, or the XMPP server sends to another machine; see both logs");
        }
    }

    private Cause notListed() throws NotConnectedException, InterruptedException {
        return new Cause(
                expected + " is connected and answers, but " + domain + " does not list it (disco#items lists "
                        + listed() + "), so no client finds it",
                "Prosody: give it a name below " + domain
                        + " and no disco_hidden, or add it to disco_items; ejabberd: give" + " it a name below "
                        + domain + ", or add it to extra_domains of mod_disco");
    }

    private String listed() throws NotConnectedException, InterruptedException {
        try {
            List<String> items = items();
            return items.isEmpty() ? "nothing" : String.join(", ", items);
        } catch (XMPPErrorException | NoResponseException e) {
            return "nothing";
        }
    }

    private List<String> items()
            throws NotConnectedException, InterruptedException, XMPPErrorException, NoResponseException {
        return ServiceDiscoveryManager.getInstanceFor(connection).discoverItems(domain).getItems().stream()
                .map(DiscoverItems.Item::getEntityID)
                .map(Jid::toString)
                .toList();
    }

    private Cause another()
            throws NotConnectedException, InterruptedException, XMPPErrorException, NoResponseException {
        List<DiscoverInfo.Identity> identities = ServiceDiscoveryManager.getInstanceFor(connection)
                .discoverInfo(expected)
                .getIdentities();
        String first = identities.isEmpty()
                ? "nothing in particular"
                : identities.get(0).getCategory() + "/" + identities.get(0).getType();
        return new Cause(
                expected + " says that it is " + first + ", and no prekey server (auth/otr-prekey)",
                "say where the prekey server is with --server");
    }

    private Cause notConnected(XMPPErrorException refused) {
        return new Cause(
                "no component is connected as " + expected + " ("
                        + refused.getStanzaError().getCondition()
                        + "): prekeeper does not run, runs under another name, or the XMPP server refuses its secret",
                "see prekeeper's log, which says which of them; or say where its configuration is with --config, and the"
                        + " secret is tried; --server if its name is another one");
    }
}
