package prekeeper.store;

/**
 * Which row of table {@code device}: the owner stands beside the id since engines that distribute tables do it by owner, and look in
 * one place only when a statement names the owner.
 *
 * @param id above 0; at most 31 bits in H2
 */
record RowId(String owner, long id) {}
