/** What the trial counts, draws and decides by itself; what it does beside a server is tested in {@code prekeeper.app}. */
package prekeeper.trial;
