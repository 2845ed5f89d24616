package org.jivesoftware.util;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Tells of properties. */
public final class PropertyEventDispatcher {
    public static final List<PropertyEventListener> LISTENERS = new CopyOnWriteArrayList<>();

    private PropertyEventDispatcher() {}

    public static void addListener(PropertyEventListener listener) {
        LISTENERS.add(listener);
    }

    public static void removeListener(PropertyEventListener listener) {
        LISTENERS.remove(listener);
    }
}
