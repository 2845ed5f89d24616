package prekeeper.xmpp;

import java.util.Optional;
import org.xmpp.packet.JID;
import prekeeper.service.Peer;

/** Turns senders of stanzas into peers. */
final class Peers {

    private Peers() {}

    /**
     * The peer that {@code sender} is, by its full and its bare JID. A server's own address is a peer too, whose account
     * is a domain: who may do what is for the access policy to say.
     *
     * @return empty when the address can not be prepared; tinder takes a stanza's sender as it comes
     */
    static Optional<Peer> of(JID sender) {
        try {
            JID prepared = new JID(sender.getNode(), sender.getDomain(), sender.getResource());
            return Optional.of(new Peer(prepared.toString(), prepared.toBareJID()));
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
