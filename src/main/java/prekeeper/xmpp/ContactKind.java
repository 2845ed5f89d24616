package prekeeper.xmpp;

import java.util.Locale;

/** What somebody who runs the server is there for (XEP-0157). */
public enum ContactKind {
    ABUSE,
    ADMIN,
    FEEDBACK,
    SALES,
    SECURITY,
    STATUS,
    SUPPORT;

    /** Its name in the configuration. */
    public String setting() {
        return name().toLowerCase(Locale.ROOT);
    }

    String variable() {
        return setting() + "-addresses";
    }
}
