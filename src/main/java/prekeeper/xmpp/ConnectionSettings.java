package prekeeper.xmpp;

import org.xmpp.packet.JID;

/**
 * Where and as whom a component connects (XEP-0114).
 *
 * @param jid the component's address, a domain alone, as the XMPP server knows it
 * @param host name or address of the XMPP server
 * @param port its component port
 * @param secret shared with the XMPP server; never printed
 */
public record ConnectionSettings(JID jid, String host, int port, String secret) {
    public ConnectionSettings {
        if (jid.getNode() != null || jid.getResource() != null) {
            throw new IllegalArgumentException("component address " + jid + ", a domain alone is allowed");
        }
        if (port < 1 || port > 65_535) {
            throw new IllegalArgumentException("port " + port + ", 1 to 65535 allowed");
        }
    }

    /**
     * Settings of the component {@code jid}.
     *
     * @param jid a prepared domain
     */
    public static ConnectionSettings of(String jid, String host, int port, String secret) {
        return new ConnectionSettings(new JID(jid), host, port, secret);
    }

    /** {@code host:port}. */
    public String server() {
        return host + ":" + port;
    }

    /** Everything but the secret. */
    @Override
    public String toString() {
        return "ConnectionSettings[" + jid + " at " + server() + "]";
    }
}
