package prekeeper.store;

import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings tables up to date. */
final class Migrations {
    private static final String FOLDER = "classpath:prekeeper/store/migrations/";

    private Migrations() {}

    /**
     * Runs what an engine's folder has and the database has not.
     *
     * @return how many migrations ran
     */
    static int run(DataSource source, String engine) {
        return Flyway.configure(Migrations.class.getClassLoader())
                .dataSource(source)
                .loggers("slf4j")
                .locations(FOLDER + engine)
                .failOnMissingLocations(true)
                .placeholderReplacement(false)
                .ignoreMigrationPatterns(new String[0]) // tables of a newer version are refused, not used
                .load()
                .migrate()
                .migrationsExecuted;
    }

    /** One line for the administrator. */
    static String explain(FlywayException failed, String place) {
        return "can not bring the tables of " + place + " up to date: " + Failures.firstLine(failed.getMessage())
                + "; run the version that made it, or restore a backup";
    }
}
