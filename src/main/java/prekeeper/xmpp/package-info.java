/**
 * The XMPP face: stanzas in, stanzas out. Discovery, the IQ and message bindings, and the connection to an XMPP server.
 *
 * <p>A stanza's path: {@link prekeeper.xmpp.ComponentConnection} reads it, {@code Admission} lets it in or refuses it,
 * {@link prekeeper.xmpp.PrekeyComponent} gives it to the one class of its feature. Knows no cryptography and no SQL, and
 * logs neither a stanza nor an address above DEBUG.
 */
package prekeeper.xmpp;
