/**
 * What both sides of the protocol compute and check: transcripts, keys and MACs of a handshake, verified profiles.
 *
 * <p>The server ({@code service}) and publishers and retrievers ({@code client}) share it, so that no rule stands twice. It
 * keeps no state, reads no clock and decides on no answer.
 */
package prekeeper.protocol;
