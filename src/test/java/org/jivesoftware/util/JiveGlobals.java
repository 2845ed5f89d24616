package org.jivesoftware.util;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Access to properties. */
public final class JiveGlobals {
    /** What Openfire has in its file: how it finds its database. */
    public static final Map<String, String> XML = new HashMap<>();

    private JiveGlobals() {}

    public static List<String> getPropertyNames() {
        return List.copyOf(JiveProperties.getInstance().keySet());
    }

    public static String getProperty(String name) {
        return JiveProperties.getInstance().get(name);
    }

    public static String getXMLProperty(String name) {
        return XML.get(name);
    }

    public static Locale getLocale() {
        return Locale.ENGLISH;
    }
}
