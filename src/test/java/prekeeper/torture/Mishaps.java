package prekeeper.torture;

import java.io.IOException;

/** What happens to a server besides being killed: nothing, unless it is said. */
interface Mishaps {
    Mishaps NONE = new Mishaps() {};

    /** Called while it serves, once a life; says whether anything happened that it has to recover from. */
    default boolean whileItServes() throws IOException {
        return false;
    }

    /** Called after each death; says whether its database was put back to an older state. */
    default boolean whileItLiesDead() throws IOException {
        return false;
    }
}
