package prekeeper.store;

import com.zaxxer.hikari.HikariConfig;
import javax.sql.DataSource;

/** How connections are pooled, whatever the engine. */
final class Pools {
    private static final long CONNECTION_WAIT_MILLIS = 3_000;

    private Pools() {}

    /** A pool for a database that is known to be there. */
    static HikariConfig config(DataSource source) {
        HikariConfig config = new HikariConfig();
        config.setPoolName("prekeeper-store");
        config.setDataSource(source);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(Database.CONNECTIONS);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(CONNECTION_WAIT_MILLIS);
        config.setInitializationFailTimeout(-1); // the database is open already
        config.setRegisterMbeans(false);
        return config;
    }
}
