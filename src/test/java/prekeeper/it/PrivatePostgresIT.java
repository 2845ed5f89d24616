package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

class PrivatePostgresIT {
    @Test
    void itKeepsWhatWasCommittedWhenItIsStoppedAndWhenItIsKilled() throws IOException, SQLException {
        try (Scratch scratch = Scratch.create();
                PrivatePostgres postgres = PrivatePostgres.start(scratch)) {
            postgres.createDatabase("prekeeper");
            postgres.execute("prekeeper", "CREATE TABLE kept (number INTEGER)");
            postgres.execute("prekeeper", "INSERT INTO kept VALUES (1)");
            postgres.stop();
            assertThrows(SQLException.class, () -> postgres.connect("prekeeper").close());
            postgres.start();
            postgres.execute("prekeeper", "INSERT INTO kept VALUES (2)");
            postgres.kill();
            postgres.start();
            try (Connection connection = postgres.connect("prekeeper");
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("SELECT SUM(number) FROM kept")) {
                rows.next();
                assertEquals(3, rows.getInt(1));
            }
        }
    }
}
