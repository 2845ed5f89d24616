/** What {@code bin/quickstart} runs: the whole path from a publisher to a retriever, through a real XMPP server, explained. */
package prekeeper.quickstart;
