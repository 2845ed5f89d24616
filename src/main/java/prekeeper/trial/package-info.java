/**
 * A deployment as its users see it: {@link prekeeper.trial.Trial} proves, step by step, that it works, and says in plain words
 * what is wrong when it does not; {@link prekeeper.trial.Load} puts simulated users on it.
 *
 * <p>Stands on {@link prekeeper.client.smack} alone, as any client's program would. Knows nothing of how a server is made.
 */
package prekeeper.trial;
