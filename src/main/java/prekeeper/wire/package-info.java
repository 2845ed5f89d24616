/**
 * What messages are: one record a message, each encoding to the bytes that it was decoded from; armour and fragments.
 *
 * <p>Checks form only (lengths, ranges, canonical encodings). Takes no decision, reads no clock, does no I/O.
 */
package prekeeper.wire;
