package prekeeper.xmpp;

import prekeeper.service.Peer;

/**
 * Lets people in by the domain of their account, which the XMPP servers on the way vouch for.
 *
 * @param publishers whose users may publish and ask what is stored of theirs
 * @param retrievers whose users may fetch prekeys of others
 */
public record DomainPolicy(DomainList publishers, DomainList retrievers) {

    /** Never a server or a component, whose address is all domain: prekeys belong to people. */
    public boolean mayPublish(Peer peer) {
        return peer.account().indexOf('@') > 0 && publishers.covers(domain(peer));
    }

    public boolean mayRetrieve(Peer peer) {
        return retrievers.covers(domain(peer));
    }

    /** What follows the {@code @} of a bare JID; a component's JID has none and is all domain. */
    static String domain(Peer peer) {
        return peer.account().substring(peer.account().indexOf('@') + 1);
    }
}
