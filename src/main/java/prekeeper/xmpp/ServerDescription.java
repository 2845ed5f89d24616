package prekeeper.xmpp;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.xmpp.packet.JID;
import prekeeper.crypto.Point;

/**
 * What the server tells of itself.
 *
 * @param jid the component's address: a domain alone
 * @param publicKey the long-term key whose fingerprints people compare
 * @param softwareVersion what {@code jabber:iq:version} answers
 * @param mostMessageBytes the largest message that is taken, in bytes before base64
 * @param contacts URIs of those who run it, such as {@code mailto:admin@example.org}
 */
public record ServerDescription(
        JID jid,
        Point publicKey,
        String softwareVersion,
        int mostMessageBytes,
        Map<ContactKind, List<String>> contacts) {

    /** Name of the software and of its discovery identity; existing clients look for neither. */
    static final String NAME = "OTR Prekey Server";

    public ServerDescription {
        if (jid.getNode() != null || jid.getResource() != null) {
            throw new IllegalArgumentException("component address " + jid + ", a domain alone is allowed");
        }
        if (mostMessageBytes < 1) {
            throw new IllegalArgumentException("largest message of " + mostMessageBytes + " bytes, at least 1");
        }
        contacts = Collections.unmodifiableMap(new TreeMap<>(contacts));
    }

    /**
     * A description of the server at {@code jid}.
     *
     * @param jid a prepared domain
     */
    public static ServerDescription of(
            String jid,
            Point publicKey,
            String softwareVersion,
            int mostMessageBytes,
            Map<ContactKind, List<String>> contacts) {
        return new ServerDescription(new JID(jid), publicKey, softwareVersion, mostMessageBytes, contacts);
    }
}
