/**
 * The protocol: bytes and a peer in, a decision out. Handshakes, publications, retrieval.
 *
 * <p>Knows no XMPP and no SQL. Time and randomness are handed in.
 */
package prekeeper.service;
