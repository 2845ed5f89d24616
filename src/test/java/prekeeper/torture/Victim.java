package prekeeper.torture;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    /** The same, and now and then an older copy of its file is put back, as from a backup. */
    RESTORED_H2 {
        @Override
        List<Site> sites(Scratch scratch) throws Exception {
            return H2.sites(scratch);
        }

        @Override
        boolean restores(Scratch scratch, int kill) throws IOException {
            Path file = scratch.folder().resolve("prekeys.mv.db");
            Path copy = scratch.folder().resolve("copy.mv.db");
            if (kill % 3 == 1 && Files.exists(file)) { // killed early, it may not have made it yet
                Files.copy(file, copy, REPLACE_EXISTING);
            }
            if (kill % 3 == 2 && Files.exists(copy)) {
                Files.copy(copy, file, REPLACE_EXISTING);
                return true;
            }
            return false;
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

    /**
     * Called while a server lies dead; may put its database back to an older state, and says whether it has.
     *
     * @param kill counted from 1
     */
    boolean restores(Scratch scratch, int kill) throws IOException {
        return false;
    }

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
