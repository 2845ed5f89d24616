package prekeeper.app;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.store.Contents;
import prekeeper.store.DeviceContents;
import prekeeper.store.DeviceContents.ClientProfileContents;
import prekeeper.store.DeviceContents.PrekeyProfileContents;
import prekeeper.store.PrekeyStore;
import prekeeper.store.StoredBytes;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/**
 * An export as {@link ExportWriter} writes it, read once, a line at a time. Everything is checked before it is shown, but for
 * signatures; only at the end it is known that the whole was right.
 */
final class ExportReader implements Contents {
    private static final long MOST_INT = 0xFFFF_FFFFL;
    private static final int MOST_NAME_CHARACTERS = 3071;
    private static final Pattern NAME = Pattern.compile(Pattern.quote(ExportFormat.NAME));
    private static final Pattern TAG = Pattern.compile("[0-9a-f]{8}");
    private static final Pattern SHA_256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern DRAFT =
            Pattern.compile(Stream.of(Draft.values()).map(Draft::name).collect(Collectors.joining("|")));
    private static final Pattern VERSIONS = Pattern.compile("[0-9]{1,16}");

    private final String name;
    private final InputStream in;
    private final MessageDigest digest = ExportFormat.digest();
    private ExportedCounts counts = ExportedCounts.NONE;
    private byte[] line = new byte[0];
    private long number;

    /** Of the device whose prekey messages and identifiers are read. */
    private Optional<DeviceContents> device = Optional.empty();

    private long leastSequence;
    private long leastIdentifier;

    /** Something is wrong with a line; the text says where and what. */
    static final class WrongLineException extends IOException {
        private static final long serialVersionUID = 1L;

        private WrongLineException(String message) {
            super(message);
        }
    }

    /**
     * Reads nothing yet.
     *
     * @param name of the file, for errors
     * @param in not closed here
     */
    ExportReader(String name, InputStream in) {
        this.name = name;
        this.in = new BufferedInputStream(in);
    }

    /** How much was shown. */
    ExportedCounts counts() {
        return counts;
    }

    /** @throws WrongLineException at the first thing that is wrong */
    @Override
    public void showTo(Sink sink) throws IOException {
        try {
            readHeader(nextLine());
            JsonFields line = nextLine();
            while (!line.has(ExportFormat.END)) {
                show(line, sink);
                line = nextLine();
            }
            readEnd(line);
            if (in.read() >= 0) {
                number++;
                throw new JsonFields.WrongException("something behind the last line");
            }
        } catch (JsonFields.WrongException wrong) {
            throw new WrongLineException(name + ":" + number + ": " + wrong.getMessage());
        }
    }

    private static void readHeader(JsonFields header) throws JsonFields.WrongException {
        if (!header.has(ExportFormat.FORMAT)) {
            throw new JsonFields.WrongException("not an export of prekeeper; \"prekeeper store export\" makes one");
        }
        header.text(ExportFormat.FORMAT, NAME, ExportFormat.NAME);
        header.number(ExportFormat.VERSION, ExportFormat.CURRENT_VERSION, ExportFormat.CURRENT_VERSION);
        header.text(ExportFormat.ENGINE, MOST_NAME_CHARACTERS);
        header.text(ExportFormat.AT, MOST_NAME_CHARACTERS);
        header.finish();
    }

    private void readEnd(JsonFields end) throws JsonFields.WrongException {
        String expected = end.text(ExportFormat.END, SHA_256, "64 hexadecimal digits");
        ExportedCounts told = new ExportedCounts(
                end.number(ExportFormat.DEVICES, 0, Long.MAX_VALUE),
                end.number(ExportFormat.MESSAGES, 0, Long.MAX_VALUE),
                end.number(ExportFormat.IDENTIFIERS, 0, Long.MAX_VALUE),
                end.number(ExportFormat.BLOCKED, 0, Long.MAX_VALUE),
                end.number(ExportFormat.TAKINGS, 0, Long.MAX_VALUE));
        end.finish();
        if (!told.equals(counts)) {
            throw new JsonFields.WrongException("the file has " + counts + "; it should have " + told);
        }
        if (!expected.equals(HexFormat.of().formatHex(digest.digest()))) {
            throw new JsonFields.WrongException("checksum of the lines before is wrong; the file was changed");
        }
    }

    private void show(JsonFields fields, Sink sink) throws IOException, JsonFields.WrongException {
        if (fields.has(ExportFormat.MESSAGE)) {
            showMessage(fields, sink);
        } else if (fields.has(ExportFormat.IDENTIFIERS)) {
            showIdentifiers(fields, sink);
        } else if (fields.has(ExportFormat.DEVICE)) {
            DeviceContents next = device(fields);
            fields.finish();
            sink.device(next);
            device = Optional.of(next);
            leastSequence = 0;
            leastIdentifier = 0;
            counts = counts.plusDevice();
        } else if (fields.has(ExportFormat.BLOCKED)) {
            String entry = fields.text(ExportFormat.BLOCKED, MOST_NAME_CHARACTERS);
            Instant since = time(fields, ExportFormat.SINCE);
            fields.finish();
            sink.blocked(entry, since);
            counts = counts.plusBlocked();
        } else if (fields.has(ExportFormat.TAKINGS)) {
            String server = fields.text(ExportFormat.TAKINGS, MOST_NAME_CHARACTERS);
            long mark = fields.number(ExportFormat.MARK, 0, Long.MAX_VALUE);
            boolean forgiven = fields.flag(ExportFormat.FORGIVEN);
            fields.finish();
            sink.takingMark(server, mark, forgiven);
            counts = counts.plusTakingMark();
        } else {
            throw new JsonFields.WrongException("a line of no known kind; was it written by a newer prekeeper?");
        }
    }

    private static DeviceContents device(JsonFields fields) throws JsonFields.WrongException {
        long tag = Long.parseLong(fields.text(ExportFormat.TAG, TAG, "eight hexadecimal digits"), 16);
        if (tag < InstanceTag.LEAST) {
            throw new JsonFields.WrongException("tag below 00000100");
        }
        Optional<JsonFields> client = fields.object(ExportFormat.CLIENT_PROFILE);
        Optional<JsonFields> prekey = fields.object(ExportFormat.PREKEY_PROFILE);
        return new DeviceContents(
                fields.text(ExportFormat.DEVICE, MOST_NAME_CHARACTERS),
                tag,
                fields.hex(ExportFormat.KEY, Point.BYTES),
                time(fields, ExportFormat.EXPIRES),
                client.isPresent() ? Optional.of(clientProfile(client.get())) : Optional.empty(),
                prekey.isPresent() ? Optional.of(prekeyProfile(prekey.get())) : Optional.empty(),
                fields.number(ExportFormat.NEXT, 0, MOST_INT + 1));
    }

    private static ClientProfileContents clientProfile(JsonFields fields) throws JsonFields.WrongException {
        ClientProfileContents profile = new ClientProfileContents(
                encoded(fields, ExportFormat.ENCODED),
                fields.text(ExportFormat.DRAFT, DRAFT, "the name of a draft"),
                fields.text(ExportFormat.VERSIONS, VERSIONS, "1 to 16 digits"),
                Instant.ofEpochMilli(fields.number(ExportFormat.PUBLISHED, Long.MIN_VALUE, Long.MAX_VALUE)));
        fields.finish();
        return profile;
    }

    private static PrekeyProfileContents prekeyProfile(JsonFields fields) throws JsonFields.WrongException {
        PrekeyProfileContents profile = new PrekeyProfileContents(
                encoded(fields, ExportFormat.ENCODED),
                fields.text(ExportFormat.DRAFT, DRAFT, "the name of a draft"),
                time(fields, ExportFormat.EXPIRES));
        fields.finish();
        return profile;
    }

    private void showMessage(JsonFields fields, Sink sink) throws IOException, JsonFields.WrongException {
        long afterLast = deviceBefore().nextSequence();
        StoredBytes encoded = encoded(fields, ExportFormat.MESSAGE);
        long sequence = fields.number(ExportFormat.SEQUENCE, leastSequence, afterLast - 1);
        fields.finish();
        sink.prekeyMessage(sequence, encoded);
        leastSequence = sequence + 1;
        counts = counts.plusPrekeyMessage();
    }

    private void showIdentifiers(JsonFields fields, Sink sink) throws IOException, JsonFields.WrongException {
        deviceBefore();
        List<Long> identifiers = fields.numbers(ExportFormat.IDENTIFIERS, 0, MOST_INT);
        fields.finish();
        if (identifiers.size() > ExportFormat.MOST_IDENTIFIERS) {
            throw new JsonFields.WrongException("a list of " + identifiers.size() + " identifiers, at most "
                    + ExportFormat.MOST_IDENTIFIERS + " allowed");
        }
        for (long identifier : identifiers) {
            if (identifier < leastIdentifier) {
                throw new JsonFields.WrongException("identifiers are not in ascending order");
            }
            leastIdentifier = identifier + 1;
        }
        sink.rememberedIdentifiers(identifiers.stream().map(Long::intValue).toList());
        counts = counts.plusIdentifiers(identifiers.size());
    }

    private DeviceContents deviceBefore() throws JsonFields.WrongException {
        return device.orElseThrow(
                () -> new JsonFields.WrongException("belongs to a device, and none stands before it"));
    }

    private static StoredBytes encoded(JsonFields fields, String field) throws JsonFields.WrongException {
        Bytes bytes = fields.base64(field, PrekeyStore.LONGEST_ENCODING_BYTES);
        return new StoredBytes(bytes, true);
    }

    private static Instant time(JsonFields fields, String field) throws JsonFields.WrongException {
        return Instant.ofEpochSecond(fields.number(field, Instant.MIN.getEpochSecond(), Instant.MAX.getEpochSecond()));
    }

    /** The next line; there must be one. */
    private JsonFields nextLine() throws IOException, JsonFields.WrongException {
        digest.update(line); // a line later than it was read: the last one is not hashed
        number++;
        line = readLine();
        try {
            return JsonFields.read(StandardCharsets.UTF_8
                    .newDecoder() // which reports, where new String would replace
                    .decode(ByteBuffer.wrap(line))
                    .toString());
        } catch (CharacterCodingException e) {
            throw new JsonFields.WrongException("not UTF-8");
        }
    }

    /** With its line feed, if it has one. */
    private byte[] readLine() throws IOException, JsonFields.WrongException {
        ByteArrayOutputStream read = new ByteArrayOutputStream();
        int next;
        do {
            next = in.read();
            if (next >= 0) {
                read.write(next);
            }
            if (read.size() > ExportFormat.LONGEST_LINE_BYTES) {
                throw new JsonFields.WrongException(
                        "a line of more than " + ExportFormat.LONGEST_LINE_BYTES + " bytes");
            }
        } while (next >= 0 && next != '\n');
        if (read.size() == 0) {
            throw new JsonFields.WrongException("the file ends here, before its last line; it was cut");
        }
        return read.toByteArray();
    }
}
