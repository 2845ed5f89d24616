package prekeeper.torture;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
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
            return List.of(new Site(ONE, h2(scratch), Mishaps.NONE));
        }
    },
    /** The same, and now and then an older copy of its file is put back, as from a backup. */
    RESTORED_H2 {
        @Override
        List<Site> sites(Scratch scratch) {
            Path file = scratch.folder().resolve(DATABASE + ".mv.db");
            return List.of(new Site(ONE, h2(scratch), new RestoredFile(file)));
        }
    },
    /** One server on a PostgreSQL. */
    POSTGRES {
        @Override
        List<Site> sites(Scratch scratch) throws IOException, SQLException {
            return List.of(new Site(ONE, database(PrivatePostgres.start(scratch)), Mishaps.NONE));
        }
    },
    /** The same, and the PostgreSQL crashes too. */
    CRASHING_POSTGRES {
        @Override
        List<Site> sites(Scratch scratch) throws IOException, SQLException {
            PrivatePostgres postgres = PrivatePostgres.start(scratch);
            return List.of(new Site(ONE, database(postgres), new CrashingPostgres(postgres)));
        }
    },
    /** Two servers, with two addresses and two keys, that share one PostgreSQL. */
    TWO_SERVERS {
        @Override
        List<Site> sites(Scratch scratch) throws IOException, SQLException {
            String store = database(PrivatePostgres.start(scratch));
            return List.of(
                    new Site("prekey1.example.org", store, Mishaps.NONE),
                    new Site("prekey2.example.org", store, Mishaps.NONE));
        }
    };

    private static final String ONE = "prekey.example.org";
    private static final String DATABASE = "prekeys";

    /**
     * One server.
     *
     * @param jid of its component
     * @param store lines of the block {@code store} in its configuration
     */
    record Site(String jid, String store, Mishaps mishaps) {}

    /** Its servers; what they need besides runs in {@code scratch} from now on. */
    abstract List<Site> sites(Scratch scratch) throws IOException, SQLException;

    private static String h2(Scratch scratch) {
        return "url = \"jdbc:h2:file:" + scratch.folder().resolve(DATABASE) + "\"";
    }

    private static String database(PrivatePostgres postgres) throws SQLException {
        return "url = \"%s\", user = \"%s\", password = \"%s\""
                .formatted(postgres.createDatabase(DATABASE), PrivatePostgres.USER, PrivatePostgres.PASSWORD);
    }

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
