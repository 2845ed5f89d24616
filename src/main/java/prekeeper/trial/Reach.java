package prekeeper.trial;

import java.util.Optional;

/**
 * How to come to the XMPP server of an account.
 *
 * @param host in place of what the domain's SRV records say
 * @param port for clients; used with a host only
 */
public record Reach(Optional<String> host, int port, Tls tls) {
    /** Where XMPP servers listen for clients. */
    public static final int USUAL_PORT = 5222;

    /** What protects the stream. */
    public enum Tls {
        /** TLS with a certificate that this machine trusts, for the domain. */
        REQUIRED,
        /** TLS with whichever certificate: passwords go to whoever answers. */
        UNCHECKED,
        /** Nothing. */
        NONE
    }
}
