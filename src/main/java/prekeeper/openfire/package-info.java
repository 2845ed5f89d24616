/**
 * The same server as a plugin of Openfire: its settings among Openfire's, its life between load and unload, its page in the admin
 * console, and what only the XMPP server knows: that an account was deleted.
 *
 * <p>Start with {@link prekeeper.openfire.PrekeeperPlugin}. Uses of Openfire what is the same in 5.0 and later; docs/openfire.md.
 */
package prekeeper.openfire;
