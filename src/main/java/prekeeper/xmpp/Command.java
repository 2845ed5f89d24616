package prekeeper.xmpp;

import prekeeper.service.Peer;

/**
 * One ad-hoc command (XEP-0050). Implementations are thread-safe and hold no state of an execution: that goes from stage to
 * stage. Throws {@link prekeeper.store.StorageException} when the store gives no answer.
 */
public interface Command {

    /** Who may see and use a command. */
    enum Audience {
        ADMINISTRATORS,
        /** People: whoever has an account, for that account alone. */
        EVERYBODY
    }

    /** The node that names it, such as {@code prekeeper:admin#status}. */
    String node();

    /** What people read in a list of commands. */
    String name();

    Audience audience();

    /** What {@code caller}, who belongs to the audience, sees first. */
    Stage begin(Peer caller);
}
