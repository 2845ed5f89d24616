package prekeeper.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Handle;
import prekeeper.crypto.Bytes;
import prekeeper.store.DeviceContents.ClientProfileContents;
import prekeeper.store.DeviceContents.PrekeyProfileContents;

/** The contents of a database, read in one transaction, a page at a time. */
final class JdbcContents implements StoreContents {
    private static final String SELECT_BLOCKED =
            "SELECT entry, since FROM blocked WHERE entry > :after ORDER BY entry LIMIT :most";

    private static final String SELECT_MARKS = "SELECT server, mark, forgiven FROM taking_mark ORDER BY server";

    private static final String SELECT_DEVICES = """
            SELECT id, owner, instance_tag, long_term_key, expires_at, client_profile, client_profile_draft,
              client_profile_published_at, versions, prekey_profile, prekey_profile_draft, prekey_profile_expires_at,
              next_sequence
            FROM device WHERE id > :after ORDER BY id LIMIT :most""";

    private static final String COUNT_DEVICES = "SELECT COUNT(*) FROM device";

    private static final String FORGIVE_ALL = "UPDATE taking_mark SET forgiven = TRUE";

    private static final List<String> EMPTY =
            List.of("TRUNCATE TABLE prekey_message", "TRUNCATE TABLE remembered_identifier", "TRUNCATE TABLE device");

    /** At most so many profiles are in memory at once, each up to 64 KiB. */
    private static final int DEVICES_AT_ONCE = 50;

    private static final int MESSAGES_AT_ONCE = 100;
    private static final int ENTRIES_AT_ONCE = 1_000;

    private final Database database;
    private final Tables tables;
    private final Transactions transactions;
    private final Durability durability;

    JdbcContents(Database database, Transactions transactions, Durability durability) {
        this.database = database;
        this.tables = database.tables();
        this.transactions = transactions;
        this.durability = durability;
    }

    @Override
    public void showTo(Sink sink) throws IOException {
        apart("read everything", handle -> handle.inTransaction(database.oneView(), view -> show(view, sink)));
    }

    /** Returns {@code sink}. */
    private Sink show(Handle handle, Sink sink) throws IOException {
        showDevices(handle, sink);
        showBlocked(handle, sink);
        for (Mark mark : handle.createQuery(SELECT_MARKS)
                .map((row, context) ->
                        new Mark(row.getString("server"), row.getLong("mark"), row.getBoolean("forgiven")))
                .list()) {
            sink.takingMark(mark.server(), mark.mark(), mark.forgiven());
        }
        return sink;
    }

    private void showDevices(Handle handle, Sink sink) throws IOException {
        List<Row> page = devices(handle, 0);
        while (!page.isEmpty()) {
            for (Row row : page) {
                sink.device(row.device());
                showMessages(handle, row.id(), sink);
                showIdentifiers(handle, row.id(), sink);
            }
            page = devices(handle, page.get(page.size() - 1).id().id());
        }
    }

    private static void showBlocked(Handle handle, Sink sink) throws IOException {
        String after = "";
        List<Blocked> page;
        do {
            page = handle.createQuery(SELECT_BLOCKED)
                    .bind("after", after)
                    .bind("most", ENTRIES_AT_ONCE)
                    .map((row, context) -> new Blocked(row.getString("entry"), row.getLong("since")))
                    .list();
            for (Blocked blocked : page) {
                sink.blocked(blocked.entry(), Instant.ofEpochSecond(blocked.since()));
                after = blocked.entry();
            }
        } while (!page.isEmpty());
    }

    private static List<Row> devices(Handle handle, long after) {
        return handle.createQuery(SELECT_DEVICES)
                .bind("after", after)
                .bind("most", DEVICES_AT_ONCE)
                .map((row, context) -> Row.of(row))
                .list();
    }

    private void showMessages(Handle handle, RowId row, Sink sink) throws IOException {
        long from = 0;
        List<Tables.Sequenced> page;
        do {
            page = tables.messages(handle, row, from, MESSAGES_AT_ONCE);
            for (Tables.Sequenced message : page) {
                sink.prekeyMessage(message.sequence(), stored(message.sealed()));
                from = message.sequence() + 1;
            }
        } while (page.size() == MESSAGES_AT_ONCE);
    }

    private void showIdentifiers(Handle handle, RowId row, Sink sink) throws IOException {
        long from = 0;
        List<Integer> page;
        do {
            page = tables.identifiers(handle, row, from, IDENTIFIERS_AT_ONCE);
            if (!page.isEmpty()) {
                sink.rememberedIdentifiers(page);
                from = Integer.toUnsignedLong(page.get(page.size() - 1)) + 1;
            }
        } while (page.size() == IDENTIFIERS_AT_ONCE);
    }

    @Override
    public void fillFrom(Contents contents) throws IOException {
        Object incarnation = apart("fill the store", handle -> {
            if (countDevices(handle) > 0) {
                throw new StorageException(
                        "the store has devices already, and only one without any is filled; name an empty database",
                        null);
            }
            if (database.isOurs()) {
                fillInSteps(handle, contents);
            } else {
                fillAtOnce(handle, contents);
            }
            return incarnation(handle);
        });
        durability.await("fill the store", incarnation);
    }

    /** Others may use the database meanwhile: they see all or nothing, and what is theirs is not touched. */
    private void fillAtOnce(Handle handle, Contents contents) throws IOException {
        handle.useTransaction(transaction -> {
            ContentsWriter writer = new ContentsWriter(transaction, tables, () -> {});
            contents.showTo(writer);
            writer.finish();
            if (countDevices(transaction) != writer.devices()) {
                throw new StorageException(
                        "somebody published while the store was filled; stop the servers that share it, and begin again",
                        null);
            }
        });
    }

    /**
     * H2 does not survive the commit of a transaction of a million rows when memory is little. What a process that is killed leaves
     * has some devices, each of them whole, and no marks of takings.
     */
    private void fillInSteps(Handle handle, Contents contents) throws IOException {
        boolean complete = false;
        handle.begin();
        try {
            ContentsWriter writer = new ContentsWriter(handle, tables, () -> {
                handle.commit();
                handle.begin();
            });
            contents.showTo(writer);
            writer.finish();
            handle.commit();
            complete = true;
        } finally {
            if (!complete) {
                handle.rollback();
                EMPTY.forEach(handle::execute);
            }
        }
    }

    private static long countDevices(Handle handle) {
        return handle.createQuery(COUNT_DEVICES).mapTo(Long.class).one();
    }

    @Override
    public long spend() {
        Committed<Long> spent = transactions.apart(
                "mark prekey messages as spent",
                apart -> apart.inTransaction(handle -> {
                    long messages = tables.spendAll(handle);
                    handle.execute(FORGIVE_ALL); // not before: H2 commits with spendAll
                    return new Committed<>(messages, incarnation(handle));
                }));
        durability.await("mark prekey messages as spent", spent.incarnation());
        return spent.result();
    }

    private Object incarnation(Handle handle) {
        try {
            return database.incarnation(handle.getConnection());
        } catch (SQLException failed) {
            throw new ConnectionException(failed);
        }
    }

    private interface Work<T> {
        T run(Handle handle) throws IOException;
    }

    /** Not again when it fails: what was shown once can not be taken back. */
    private <T> T apart(String what, Work<T> work) throws IOException {
        try {
            return transactions.apart(what, handle -> {
                try {
                    return work.run(handle);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static StoredBytes stored(Bytes sealed) {
        Optional<Bytes> plain = Checked.open(sealed);
        return new StoredBytes(plain.orElse(sealed), plain.isPresent());
    }

    private record Blocked(String entry, long since) {}

    private record Mark(String server, long mark, boolean forgiven) {}

    private record Row(RowId id, DeviceContents device) {
        static Row of(ResultSet row) throws SQLException {
            String owner = row.getString("owner");
            return new Row(
                    new RowId(owner, row.getLong("id")),
                    new DeviceContents(
                            owner,
                            row.getLong("instance_tag"),
                            Bytes.of(row.getBytes("long_term_key")),
                            time(row.getLong("expires_at")),
                            clientProfile(row),
                            prekeyProfile(row),
                            row.getLong("next_sequence")));
        }

        private static Optional<ClientProfileContents> clientProfile(ResultSet row) throws SQLException {
            byte[] sealed = row.getBytes("client_profile");
            return sealed == null
                    ? Optional.empty()
                    : Optional.of(new ClientProfileContents(
                            stored(Bytes.of(sealed)),
                            text(row.getString("client_profile_draft")),
                            text(row.getString("versions")),
                            Instant.ofEpochMilli(row.getLong("client_profile_published_at"))));
        }

        private static Optional<PrekeyProfileContents> prekeyProfile(ResultSet row) throws SQLException {
            byte[] sealed = row.getBytes("prekey_profile");
            return sealed == null
                    ? Optional.empty()
                    : Optional.of(new PrekeyProfileContents(
                            stored(Bytes.of(sealed)),
                            text(row.getString("prekey_profile_draft")),
                            time(row.getLong("prekey_profile_expires_at"))));
        }

        private static String text(String column) {
            return column == null ? "" : column;
        }

        /** A column may hold more than {@link Instant} does when it is damaged. */
        private static Instant time(long seconds) {
            if (seconds > Instant.MAX.getEpochSecond()) {
                return Instant.MAX;
            }
            return seconds < Instant.MIN.getEpochSecond() ? Instant.MIN : Instant.ofEpochSecond(seconds);
        }
    }
}
