package prekeeper.service;

import prekeeper.wire.InstanceTag;

/**
 * A device whose prekey messages run out.
 *
 * @param remaining how many it has left, at most the low mark
 */
public record LowStock(String account, InstanceTag tag, int remaining) {}
