/**
 * Where prekeys live. {@link prekeeper.store.PrekeyStore} promises that what was published is there and that no prekey
 * message is handed out twice; the rest of the package keeps the promise on a database. Owners and administrators look at it
 * through {@link prekeeper.store.Inventory} and {@link prekeeper.store.BlockList}.
 *
 * <p>Profiles and prekey messages are opaque bytes here.
 */
package prekeeper.store;
