/** What stands in stanzas, in the namespace {@code prekeeper:otrv4-prekey:0} (docs/protocol.md, "Over XMPP"). */
package prekeeper.client.smack.element;
