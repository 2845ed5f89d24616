package prekeeper.torture;

import java.util.List;
import java.util.Locale;
import prekeeper.it.Scratch;

/** What is tortured. */
enum Victim {
    /** One server on its own H2 database. */
    H2 {
        @Override
        List<Site> sites(Scratch scratch) {
            return List.of(new Site("prekey.example.org", "url = \"jdbc:h2:file:prekeys\""));
        }
    };

    /**
     * One server.
     *
     * @param jid of its component
     * @param store lines of the block {@code store} in its configuration; its folder is that of the scratch
     */
    record Site(String jid, String store) {}

    /** Its servers; what they need besides runs in {@code scratch} from now on. */
    abstract List<Site> sites(Scratch scratch) throws Exception;

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
