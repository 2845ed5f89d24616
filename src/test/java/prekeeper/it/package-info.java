/**
 * Prekeeper as people run it: the built jar as a process of its own, beside a real XMPP server, spoken to by a real client.
 *
 * <p>{@link prekeeper.it.Scratch} owns the folder and the processes, an {@link prekeeper.it.XmppServer} and
 * {@link prekeeper.it.RunningPrekeeper} start in it, {@link prekeeper.it.XmppUser} talks to both.
 */
package prekeeper.it;
