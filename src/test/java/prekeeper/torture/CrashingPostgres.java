package prekeeper.torture;

import java.io.IOException;
import prekeeper.it.PrivatePostgres;

/** The database crashes too, in every other life of its server that comes to serve, and starts again. */
final class CrashingPostgres implements Mishaps {
    private final PrivatePostgres postgres;
    private boolean crashedLast;

    CrashingPostgres(PrivatePostgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public boolean whileItServes() throws IOException {
        crashedLast = !crashedLast;
        if (crashedLast) {
            postgres.kill();
            postgres.start();
        }
        return crashedLast;
    }
}
