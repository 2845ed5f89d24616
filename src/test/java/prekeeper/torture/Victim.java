package prekeeper.torture;

import java.util.List;
import java.util.Locale;
import prekeeper.it.PrivatePostgres;
import prekeeper.it.Scratch;

/** What is tortured. */
enum Victim {
    /** One server on its own H2 database. */
    H2 {
        @Override
        List<Site> sites(Scratch scratch) {
            String file = scratch.folder().resolve("prekeys").toString();
            return List.of(new Site("prekey.example.org", "url = \"jdbc:h2:file:" + file + "\""));
        }
    },
    /** One server on a PostgreSQL. */
    POSTGRES {
        @Override
        List<Site> sites(Scratch scratch) throws Exception {
            return List.of(new Site("prekey.example.org", postgres(scratch)));
        }
    },
    /** Two servers, with two addresses and two keys, that share one PostgreSQL. */
    TWO_SERVERS {
        @Override
        List<Site> sites(Scratch scratch) throws Exception {
            String store = postgres(scratch);
            return List.of(new Site("prekey1.example.org", store), new Site("prekey2.example.org", store));
        }
    };

    /**
     * One server.
     *
     * @param jid of its component
     * @param store lines of the block {@code store} in its configuration
     */
    record Site(String jid, String store) {}

    /** Its servers; what they need besides runs in {@code scratch} from now on. */
    abstract List<Site> sites(Scratch scratch) throws Exception;

    private static String postgres(Scratch scratch) throws Exception {
        PrivatePostgres postgres = PrivatePostgres.start(scratch);
        return "url = \"%s\", user = \"%s\", password = \"%s\""
                .formatted(postgres.createDatabase("prekeeper"), PrivatePostgres.USER, PrivatePostgres.PASSWORD);
    }

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
