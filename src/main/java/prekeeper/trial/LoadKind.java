package prekeeper.trial;

import java.util.Locale;

/** What simulated users ask for. */
public enum LoadKind {
    /** DAKE-1 to DAKE-3, with a request for the status of the user's device. */
    HANDSHAKES,
    /** A handshake, and prekey messages for a device whose profiles are there already. */
    PUBLICATIONS,
    /** A query for the ensembles of another user. */
    RETRIEVALS;

    /** In the plural, as people read it. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
