/**
 * The other side: what a publisher and a retriever do with a prekey server. A {@link prekeeper.client.PrekeyDevice} owns
 * secrets, a {@link prekeeper.client.Handshake} leads to a {@link prekeeper.client.PublisherSession}, and
 * {@link prekeeper.client.EnsembleCheck} judges what a retriever gets.
 *
 * <p>Messages in, messages out: knows no XMPP and nothing of how a server stores. Time and randomness are handed in.
 */
package prekeeper.client;
