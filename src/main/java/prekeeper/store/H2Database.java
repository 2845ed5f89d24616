package prekeeper.store;

import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.flywaydb.core.api.FlywayException;
import org.h2.Driver;
import org.h2.api.ErrorCode;
import org.h2.jdbcx.JdbcDataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** One embedded H2 database: its files, its tables, its connections, its end. */
final class H2Database implements Database {
    /**
     * H2 must neither close with its last connection nor at a shutdown hook of its own choosing: {@link #close()} does it.
     * The cache is in KiB, small because the whole server idles in 128 MB. The trace file would hold rows of users, and
     * everything that it tells also comes as an exception. Space of dead chunks is used again after 5 s, not 45: that wait is for
     * disks that write when they like, and ours is told when ({@link OrderedFiles}).
     */
    private static final String SETTINGS =
            ";DB_CLOSE_DELAY=-1;DB_CLOSE_ON_EXIT=FALSE;CACHE_SIZE=8192;TRACE_LEVEL_FILE=0;RETENTION_TIME=5000";

    /** H2's own name for a path in a file system that was registered. */
    private static final String ORDERED_URL = "jdbc:h2:" + OrderedFiles.SCHEME + ":";

    private final Tables tables = new H2Tables();
    private final H2Connections direct;
    private final String place;
    private final Optional<Path> file;
    private final Optional<Patience> patience;
    private final HikariDataSource pool;
    private final AtomicBoolean closed = new AtomicBoolean();

    private H2Database(H2Connections direct, String place, Optional<Path> file, Optional<Patience> patience) {
        this.direct = direct;
        this.place = place;
        this.file = file;
        this.patience = patience;
        this.pool = new HikariDataSource(Pools.config(direct));
        patience.ifPresent(Patience::begin);
    }

    /**
     * Opens the database, makes it when it is missing, and brings its tables up to date.
     *
     * @throws StorageException in one line: what failed, where, and what to do
     */
    static H2Database open(StoreSettings settings) {
        return open(settings, ORDERED_URL);
    }

    /**
     * The same on another file system of H2.
     *
     * @param prefix what stands before the path in H2's URL
     */
    static H2Database open(StoreSettings settings, String prefix) {
        OrderedFiles.register();
        JdbcDataSource source = new JdbcDataSource();
        settings.user().ifPresent(source::setUser);
        settings.password().ifPresent(secret -> source.setPassword(text(secret.toByteArray())));
        Optional<Path> file = H2Files.database(settings);
        String place = file.map(Path::toString).orElse(settings.url());
        file.ifPresent(H2Database::make);
        H2Connections direct = new H2Connections(
                source, opened -> file.map(path -> url(prefix, opened, path)).orElse(settings.url()) + SETTINGS);
        return OwnThread.run(() -> open(direct, place, file.map(H2Database::real)));
    }

    private static H2Database open(H2Connections direct, String place, Optional<Path> file) {
        Optional<Patience> patience = file.map(Patience::register);
        try (Connection first = direct.getConnection()) {
            migrate(direct, place, first);
            return new H2Database(direct, place, file, patience);
        } catch (SQLException refused) {
            throw new StorageException(explain(refused, place), refused);
        }
    }

    private static void migrate(H2Connections direct, String place, Connection first) throws SQLException {
        try {
            Migrations.run(direct, "h2");
            H2Barrier.force(first);
        } catch (FlywayException failed) {
            direct.shutDown(); // or its file stayed locked
            throw new StorageException(
                    Failures.sqlError(failed)
                            .map(error -> explain(error, place))
                            .orElseGet(() -> Migrations.explain(failed, place)),
                    failed);
        }
    }

    @Override
    public DataSource connections() {
        return pool;
    }

    @Override
    public Tables tables() {
        return tables;
    }

    @Override
    public TransactionIsolationLevel oneView() {
        return TransactionIsolationLevel.SERIALIZABLE;
    }

    @Override
    public boolean isOurs() {
        return true;
    }

    @Override
    public Object incarnation(Connection connection) throws SQLException {
        return H2Barrier.store(connection);
    }

    @Override
    public boolean commitsAreDurable() {
        return false;
    }

    @Override
    public void force(Connection connection) throws SQLException {
        H2Barrier.force(connection);
    }

    @Override
    public Optional<String> trouble() {
        return patience.flatMap(Patience::trouble).map(why -> place + ": " + why);
    }

    @Override
    public void endPatience() {
        patience.ifPresent(Patience::end);
    }

    @Override
    public void drop(Connection connection) {
        pool.evictConnection(connection);
        if (direct.isOver()) {
            pool.getHikariPoolMXBean().softEvictConnections(); // none of the others works any more
        }
    }

    @Override
    public void backUp(Handle handle, Path file) {
        BackupFile.write(file, made -> handle.execute("BACKUP TO ?", made.toString()));
    }

    /** Writes everything, too. */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return; // a second connection would open the file again
        }
        OwnThread.run(this::end);
    }

    /** Whether it ended; anything else is thrown. */
    private boolean end() {
        patience.ifPresent(Patience::end);
        pool.close();
        try {
            direct.shutDown();
            return true;
        } catch (SQLException failed) {
            throw new StorageException(
                    "can not close " + place + ": " + Failures.firstLine(failed.getMessage()), failed);
        } finally {
            file.ifPresent(Patience::forget);
            Driver.unload(); // or DriverManager, which we do not use, keeps our class loader for ever
        }
    }

    private static String url(String prefix, int opened, Path file) {
        String path = file.toString();
        return OrderedFiles.renamed(prefix, opened) + path.substring(0, path.length() - H2Files.SUFFIX.length());
    }

    private static Path real(Path file) {
        try {
            return file.toRealPath();
        } catch (IOException failed) {
            throw new StorageException("can not find database " + file + ": " + failed.getMessage(), failed);
        }
    }

    /** Makes the folder and the empty file, which H2 would open to everybody, and tells early when it may not. */
    private static void make(Path file) {
        try {
            Path folder = file.getParent();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder, OwnerOnly.folder(folder));
            }
            if (!Files.exists(file)) {
                Files.createFile(file, OwnerOnly.file(file));
            }
            if (!Files.isReadable(file) || !Files.isWritable(file)) {
                throw new AccessDeniedException(file.toString());
            }
        } catch (AccessDeniedException denied) {
            throw new StorageException(
                    "may not write " + denied.getFile() + " (database " + file
                            + "): give it, or the folder it belongs in, to the user that the server runs as",
                    denied);
        } catch (FileAlreadyExistsException inTheWay) {
            throw new StorageException(
                    "can not make the folder of database " + file + ": " + inTheWay.getFile()
                            + " is a file; move it away or name another folder",
                    inTheWay);
        } catch (IOException failed) {
            throw new StorageException(
                    "can not make database " + file + ": " + failed.getMessage() + "; check the disk and the folder",
                    failed);
        }
    }

    private static String explain(SQLException refused, String place) {
        return switch (refused.getErrorCode()) {
            case ErrorCode.DATABASE_ALREADY_OPEN_1 ->
                "database " + place + " is in use by another process: stop that one, or name another file";
            case ErrorCode.FILE_CORRUPTED_1 ->
                "database " + place + " is damaged: restore a backup, or move the file away to start empty";
            case ErrorCode.FILE_VERSION_ERROR_1 ->
                "database " + place + " is of another version of H2: restore a backup made by this server";
            case ErrorCode.WRONG_USER_OR_PASSWORD ->
                "database " + place + " refuses the user or the password: use those that it was made with";
            default ->
                "can not open database " + place + ": " + Failures.firstLine(refused.getMessage())
                        + "; check the disk and the permissions";
        };
    }

    private static String text(byte[] utf8) {
        return new String(utf8, StandardCharsets.UTF_8);
    }
}
