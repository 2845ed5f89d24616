/**
 * The prekey server as an extension of Smack 4.4: {@link prekeeper.client.smack.PrekeyManager} finds a server, publishes
 * devices there, keeps their stock up and retrieves the ensembles of contacts.
 *
 * <p>Knows stanzas, time-outs and threads. What the messages say, and whether they are right, is the business of
 * {@link prekeeper.client}. The one room of ours that knows Smack; the server ships without it.
 */
package prekeeper.client.smack;
