package prekeeper.trial;

import org.jivesoftware.smack.SmackException.NoResponseException;
import org.jivesoftware.smack.SmackException.NotConnectedException;
import org.jivesoftware.smack.XMPPException.XMPPErrorException;
import org.jivesoftware.smack.packet.StanzaError;
import prekeeper.client.smack.PrekeyException;
import prekeeper.client.smack.PrekeyException.Reason;

/** What became of a request. */
sealed interface Outcome {
    /**
     * The server did what was asked.
     *
     * @param empty when the answer is that there is nothing to hand out, which costs a server less
     */
    record Answered(boolean empty) implements Outcome {}

    /** The server works, and did not do this one: a limit, a quota, or too much at once. */
    record Refused() implements Outcome {}

    /**
     * There was no answer, or none that counts.
     *
     * @param why in few words, the same for all that failed alike
     */
    record Failed(String why) implements Outcome {}

    /** What {@code e}, thrown by one of {@link prekeeper.client.smack}'s, makes of a request. */
    static Outcome of(Exception e) {
        if (e instanceof XMPPErrorException error) {
            StanzaError.Condition condition = error.getStanzaError().getCondition();
            return condition == StanzaError.Condition.resource_constraint
                    ? new Refused()
                    : new Failed("stanza error " + condition);
        }
        if (e instanceof PrekeyException prekey) {
            return prekey.reason() == Reason.REFUSED ? new Refused() : new Failed(prekey.getMessage());
        }
        if (e instanceof NoResponseException) {
            return new Failed("no answer in time");
        }
        if (e instanceof NotConnectedException) {
            return new Failed("the connection was lost");
        }
        return new Failed("unexpected " + e.getClass().getSimpleName());
    }
}
