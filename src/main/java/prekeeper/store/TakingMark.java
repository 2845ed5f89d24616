package prekeeper.store;

/**
 * How many takings one server has told, as the database knows it.
 *
 * @param id the server's own name for its count
 * @param value how many
 * @param forgiven the server may adopt this value, since all prekey messages of that time are spent
 */
public record TakingMark(String id, long value, boolean forgiven) {}
