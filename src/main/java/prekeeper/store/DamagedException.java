package prekeeper.store;

import java.util.List;

/** The database gave back something else than was stored. */
final class DamagedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final transient List<Long> profiles;
    private final transient List<Message> messages;

    /** Where a damaged prekey message stands. */
    record Message(RowId row, long sequence) {}

    /**
     * Tells what is damaged.
     *
     * @param profiles ids of rows with a damaged profile
     */
    DamagedException(List<Long> profiles, List<Message> messages) {
        super(
                profiles.size() + " damaged rows and " + messages.size() + " damaged prekey messages",
                null,
                false,
                false);
        this.profiles = List.copyOf(profiles);
        this.messages = List.copyOf(messages);
    }

    List<Long> profiles() {
        return profiles;
    }

    List<Message> messages() {
        return messages;
    }
}
