/**
 * What every server needs around the protocol, wherever it runs: settings, the key file, the wiring of the other rooms, stop.
 *
 * <p>Start with {@link prekeeper.server.Server}. Knows neither the command line nor the XMPP server it runs beside or in.
 */
package prekeeper.server;
