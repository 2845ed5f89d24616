package prekeeper.service;

/**
 * Who sent a message. Both names are prepared (normalised) by whoever carries messages.
 *
 * @param address where one handshake is held for: over XMPP the full JID
 * @param account whose prekeys are published, and the publisher's identity in phi: over XMPP the bare JID
 */
public record Peer(String address, String account) {}
