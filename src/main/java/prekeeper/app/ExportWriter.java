package prekeeper.app;

import com.google.gson.Strictness;
import com.google.gson.stream.JsonWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import prekeeper.store.Contents;
import prekeeper.store.DeviceContents;
import prekeeper.store.StoredBytes;

/**
 * Writes an export as it is shown a store, a line at a time. What is damaged is left out and counted: the store does not hand
 * it out either.
 */
final class ExportWriter implements Contents.Sink {
    private final OutputStream out;
    private final MessageDigest digest = ExportFormat.digest();
    private ExportedCounts counts = ExportedCounts.NONE;
    private long damaged;

    /**
     * Writes the first line.
     *
     * @param out not closed here
     */
    ExportWriter(OutputStream out, String engine, Instant at) throws IOException {
        this.out = out;
        write(line -> line.name(ExportFormat.FORMAT)
                .value(ExportFormat.NAME)
                .name(ExportFormat.VERSION)
                .value(ExportFormat.CURRENT_VERSION)
                .name(ExportFormat.ENGINE)
                .value(engine)
                .name(ExportFormat.AT)
                .value(at.truncatedTo(ChronoUnit.SECONDS).toString()));
    }

    /** Writes the last line, without which the export is none. */
    ExportedCounts finish() throws IOException {
        String hash = HexFormat.of().formatHex(digest.digest());
        write(line -> line.name(ExportFormat.END)
                .value(hash)
                .name(ExportFormat.DEVICES)
                .value(counts.devices())
                .name(ExportFormat.MESSAGES)
                .value(counts.prekeyMessages())
                .name(ExportFormat.IDENTIFIERS)
                .value(counts.identifiers())
                .name(ExportFormat.BLOCKED)
                .value(counts.blocked())
                .name(ExportFormat.TAKINGS)
                .value(counts.takingMarks()));
        out.flush();
        return counts;
    }

    /** How many profiles and prekey messages were left out. */
    long damaged() {
        return damaged;
    }

    @Override
    public void blocked(String entry, Instant since) throws IOException {
        write(line -> line.name(ExportFormat.BLOCKED)
                .value(entry)
                .name(ExportFormat.SINCE)
                .value(since.getEpochSecond()));
        counts = counts.plusBlocked();
    }

    @Override
    public void takingMark(String server, long mark, boolean forgiven) throws IOException {
        write(line -> line.name(ExportFormat.TAKINGS)
                .value(server)
                .name(ExportFormat.MARK)
                .value(mark)
                .name(ExportFormat.FORGIVEN)
                .value(forgiven));
        counts = counts.plusTakingMark();
    }

    @Override
    public void device(DeviceContents device) throws IOException {
        var client = device.clientProfile().filter(profile -> isIntact(profile.encoded()));
        var prekey = device.prekeyProfile().filter(profile -> isIntact(profile.encoded()));
        write(line -> {
            line.name(ExportFormat.DEVICE)
                    .value(device.owner())
                    .name(ExportFormat.TAG)
                    .value(String.format("%08x", device.tag()))
                    .name(ExportFormat.KEY)
                    .value(device.longTermKey().toHex())
                    .name(ExportFormat.EXPIRES)
                    .value(device.expires().getEpochSecond());
            write(line, client);
            writePrekeyProfile(line, prekey);
            line.name(ExportFormat.NEXT).value(device.nextSequence());
        });
        counts = counts.plusDevice();
    }

    private static void write(JsonWriter line, Optional<DeviceContents.ClientProfileContents> profile)
            throws IOException {
        if (profile.isPresent()) {
            line.name(ExportFormat.CLIENT_PROFILE)
                    .beginObject()
                    .name(ExportFormat.ENCODED)
                    .value(base64(profile.get().encoded()))
                    .name(ExportFormat.DRAFT)
                    .value(profile.get().draft())
                    .name(ExportFormat.VERSIONS)
                    .value(profile.get().versions())
                    .name(ExportFormat.PUBLISHED)
                    .value(profile.get().published().toEpochMilli())
                    .endObject();
        }
    }

    private static void writePrekeyProfile(JsonWriter line, Optional<DeviceContents.PrekeyProfileContents> profile)
            throws IOException {
        if (profile.isPresent()) {
            line.name(ExportFormat.PREKEY_PROFILE)
                    .beginObject()
                    .name(ExportFormat.ENCODED)
                    .value(base64(profile.get().encoded()))
                    .name(ExportFormat.DRAFT)
                    .value(profile.get().draft())
                    .name(ExportFormat.EXPIRES)
                    .value(profile.get().expires().getEpochSecond())
                    .endObject();
        }
    }

    @Override
    public void prekeyMessage(long sequence, StoredBytes encoded) throws IOException {
        if (isIntact(encoded)) {
            write(line -> line.name(ExportFormat.MESSAGE)
                    .value(base64(encoded))
                    .name(ExportFormat.SEQUENCE)
                    .value(sequence));
            counts = counts.plusPrekeyMessage();
        }
    }

    @Override
    public void rememberedIdentifiers(List<Integer> identifiers) throws IOException {
        write(line -> {
            line.name(ExportFormat.IDENTIFIERS).beginArray();
            for (int identifier : identifiers) {
                line.value(Integer.toUnsignedLong(identifier));
            }
            line.endArray();
        });
        counts = counts.plusIdentifiers(identifiers.size());
    }

    private boolean isIntact(StoredBytes encoded) {
        if (!encoded.intact()) {
            damaged++;
        }
        return encoded.intact();
    }

    private static String base64(StoredBytes encoded) {
        return Base64.getEncoder().encodeToString(encoded.bytes().toByteArray());
    }

    private interface Fields {
        void writeTo(JsonWriter line) throws IOException;
    }

    private void write(Fields fields) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonWriter line = new JsonWriter(text)) {
            line.setStrictness(Strictness.STRICT);
            line.beginObject();
            fields.writeTo(line);
            line.endObject();
        }
        byte[] encoded = text.append('\n').toString().getBytes(StandardCharsets.UTF_8);
        digest.update(encoded);
        out.write(encoded);
    }
}
