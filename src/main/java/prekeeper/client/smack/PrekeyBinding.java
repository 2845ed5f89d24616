package prekeeper.client.smack;

/** A way to put a prekey message into a stanza (docs/protocol.md, "Over XMPP"). */
public enum PrekeyBinding {
    /** In an IQ, where servers announce {@code prekeeper:otrv4-prekey:0}: errors, and no archive sees it. */
    IQ,
    /** In the body of a message, which every prekey server understands. Refusals are silence there. */
    MESSAGE
}
