package prekeeper.store;

import prekeeper.wire.Draft;

/**
 * Whose prekey messages are taken, and which.
 *
 * @param owner the account's bare JID, already prepared
 * @param draft of both profiles
 * @param versions the OTR versions asked for; what is no digit that a stored profile names is ignored
 * @param most the most devices that one message each is taken of
 * @param countUpTo the most that {@link Ensemble#remaining()} counts; counting takes time
 */
public record Take(String owner, Draft draft, String versions, int most, int countUpTo) {}
