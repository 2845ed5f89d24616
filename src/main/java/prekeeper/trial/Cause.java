package prekeeper.trial;

/**
 * What probably lies behind something that went wrong, in plain words.
 *
 * @param why one sentence without a full stop, for somebody who runs an XMPP server
 * @param remedy what to do, in the same manner
 */
public record Cause(String why, String remedy) {}
