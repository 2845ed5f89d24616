package org.jivesoftware.openfire.event;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jivesoftware.openfire.user.User;

/** Tells of accounts. */
public final class UserEventDispatcher {
    public static final List<UserEventListener> LISTENERS = new CopyOnWriteArrayList<>();

    private UserEventDispatcher() {}

    public static void addListener(UserEventListener listener) {
        LISTENERS.add(listener);
    }

    public static void removeListener(UserEventListener listener) {
        LISTENERS.remove(listener);
    }

    /** An account is about to go. */
    public static void deleting(String name) {
        LISTENERS.forEach(listener -> listener.userDeleting(new User(name), Map.of()));
    }
}
