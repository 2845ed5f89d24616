/**
 * How an administrator meets the server: command line, configuration, key file, start and stop.
 *
 * <p>Start with {@link prekeeper.app.Main}. Puts the parts of the other rooms together and knows nothing of the protocol.
 */
package prekeeper.app;
