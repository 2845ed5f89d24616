package prekeeper.store;

/** How many rows of each kind a store has, expired or not. */
public record StoreCounts(long devices, long prekeyMessages) {}
