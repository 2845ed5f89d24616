package prekeeper.store;

import prekeeper.crypto.Bytes;

/**
 * An encoding as the database has it.
 *
 * @param intact its checksum is right; if not, {@code bytes} are not what was published
 */
public record StoredBytes(Bytes bytes, boolean intact) {}
