/**
 * What administrators and owners can do in their XMPP client: one class for each ad-hoc command, listed in
 * {@link prekeeper.xmpp.command.Commands}. How commands are carried over XMPP is {@link prekeeper.xmpp}'s.
 *
 * <p>Administrators' commands have nodes that begin with {@code prekeeper:admin#}; those for everybody begin with
 * {@code prekeeper:user#} and touch their caller's own account only.
 */
package prekeeper.xmpp.command;
