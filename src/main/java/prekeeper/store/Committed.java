package prekeeper.store;

/**
 * What a transaction gave that is committed, and may not be on disk yet.
 *
 * @param incarnation of the {@linkplain Database#incarnation database} that it was committed in
 */
record Committed<T>(T result, Object incarnation) {}
