/**
 * Parsers of {@link prekeeper.client.smack.element}. They take whatever stands there: Smack ends a connection whose stanza a
 * provider refuses, and a stranger must not be able to do that.
 */
package prekeeper.client.smack.provider;
