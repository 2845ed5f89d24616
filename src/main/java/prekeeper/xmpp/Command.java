package prekeeper.xmpp;

import prekeeper.service.Peer;

/**
 * One ad-hoc command (XEP-0050). Commands are thread-safe and hold no state of an execution: that goes from stage to stage.
 */
public abstract class Command {
    private final String node;
    private final String name;
    private final Audience audience;

    /** Who may see and use a command. */
    public enum Audience {
        ADMINISTRATORS,
        /** People: whoever has an account, for that account alone. */
        EVERYBODY
    }

    /**
     * A command for {@code audience}.
     *
     * @param node names it, such as {@code prekeeper:admin#status}
     * @param name what people read in a list of commands
     */
    protected Command(String node, String name, Audience audience) {
        this.node = node;
        this.name = name;
        this.audience = audience;
    }

    public final String node() {
        return node;
    }

    public final String name() {
        return name;
    }

    public final Audience audience() {
        return audience;
    }

    /**
     * What {@code caller}, who belongs to the audience, sees first.
     *
     * @throws prekeeper.store.StorageException when the store gives no answer
     */
    public abstract Stage begin(Peer caller);
}
