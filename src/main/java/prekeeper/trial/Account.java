package prekeeper.trial;

import org.jxmpp.jid.EntityBareJid;
import org.jxmpp.jid.impl.JidCreate;
import org.jxmpp.stringprep.XmppStringprepException;
import prekeeper.crypto.SecretBytes;

/**
 * Somebody who can log in.
 *
 * @param password UTF-8; closed by whoever made this
 */
public record Account(EntityBareJid jid, SecretBytes password) {

    /**
     * The account {@code jid}, such as {@code alice@example.org}.
     *
     * @throws IllegalArgumentException when that is no bare JID of an account; its text can be shown
     */
    public static Account of(String jid, SecretBytes password) {
        try {
            return new Account(JidCreate.entityBareFrom(jid), password);
        } catch (XmppStringprepException e) {
            throw new IllegalArgumentException(jid + " is no account: one such as alice@example.org is expected", e);
        }
    }

    /** The bare JID as text. */
    public String address() {
        return jid.toString();
    }

    /** The address alone. */
    @Override
    public String toString() {
        return address();
    }
}
