package org.jivesoftware.util;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Openfire's properties, which it has in a database. */
public final class JiveProperties extends ConcurrentHashMap<String, String> {
    private static final long serialVersionUID = 1L;
    private static final JiveProperties INSTANCE = new JiveProperties();

    private JiveProperties() {}

    public static JiveProperties getInstance() {
        return INSTANCE;
    }

    @Override
    public String get(Object name) {
        return super.get(name);
    }

    @Override
    public String put(String name, String value) {
        String before = super.put(name, value);
        PropertyEventDispatcher.LISTENERS.forEach(listener -> listener.propertySet(name, Map.of("value", value)));
        return before;
    }

    @Override
    public String remove(Object name) {
        String before = super.remove(name);
        PropertyEventDispatcher.LISTENERS.forEach(listener -> listener.propertyDeleted(name.toString(), Map.of()));
        return before;
    }
}
