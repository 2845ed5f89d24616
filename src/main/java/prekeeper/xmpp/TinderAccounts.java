package prekeeper.xmpp;

import java.util.Optional;
import org.xmpp.packet.JID;
import prekeeper.service.Accounts;

/** Accounts named by bare JIDs, prepared by tinder (RFC 6122: nodeprep and nameprep). A resource is dropped. */
public final class TinderAccounts implements Accounts {

    /** Longest JID there is: three parts of 1023 bytes, {@code @} and {@code /}. Nothing longer is worth preparing. */
    private static final int MOST_CHARACTERS = 3071;

    @Override
    public Optional<String> prepare(String identity) {
        if (identity.length() > MOST_CHARACTERS) {
            return Optional.empty();
        }
        try {
            JID jid = new JID(identity);
            return Optional.ofNullable(jid.getNode()).map(node -> jid.toBareJID());
        } catch (IllegalArgumentException notAnAddress) {
            return Optional.empty();
        }
    }
}
