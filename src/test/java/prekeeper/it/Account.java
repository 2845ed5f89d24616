package prekeeper.it;

/**
 * An account at an {@link XmppServer}.
 *
 * @param name what stands before the @
 * @param host {@link XmppServer#HOST} or {@link XmppServer#OTHER_HOST}
 */
public record Account(String name, String host, String password) {

    /** The bare JID. */
    public String jid() {
        return name + "@" + host;
    }
}
