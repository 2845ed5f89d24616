package prekeeper.torture;

import java.io.IOException;
import java.util.Random;
import prekeeper.it.PrivatePostgres;

/** The database crashes too, in every other life of its server, and starts again. */
final class CrashingPostgres implements Mishaps {
    private final PrivatePostgres postgres;
    private final Random random = new Random();

    CrashingPostgres(PrivatePostgres postgres) {
        this.postgres = postgres;
    }

    @Override
    public boolean whileItServes() throws IOException {
        boolean crashes = random.nextBoolean();
        if (crashes) {
            postgres.kill();
            postgres.start();
        }
        return crashes;
    }
}
