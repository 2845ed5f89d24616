package prekeeper.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.h2.mvstore.DataUtils;
import org.h2.mvstore.MVStoreException;

/**
 * The chunks that H2 would find its newest one by, if it had to look for it now: that which the header names, and those
 * written since, each of which says where the next one is.
 *
 * <p>H2 writes a new header when one of them is out of use, but only after it may have written a chunk in its place. A crash
 * between the two cuts the trail: H2 ends at an older chunk, and if that is still whole, so are the prekey messages that were
 * handed out since. So a header that names the newest chunk has to be on disk before anything of the trail is overwritten.
 */
final class RecoveryTrail {
    static final int BLOCK_BYTES = 4096;

    /** Two copies, a block each. */
    static final int HEADER_BYTES = 2 * BLOCK_BYTES;

    private static final String CHECKSUM = ",fletcher:";
    private static final int MOST_CHUNK_HEADER_BYTES = 1024;
    private static final int FOOTER_BYTES = 128;

    private Map<String, String> header = Map.of();

    /** Where chunks of the trail begin, and end. */
    private final TreeMap<Long, Long> places = new TreeMap<>();

    private Optional<Chunk> newest = Optional.empty();

    /** Whether H2 has taken {@link #newest} for the newest as well; what it found when it opened the file it does not tell. */
    private boolean isCertain;

    /** The trail in a file that is opened; none in one that is new, or that H2 has to search. */
    static RecoveryTrail of(FileChannel file) throws IOException {
        RecoveryTrail trail = new RecoveryTrail();
        trail.header = header(read(file, 0, HEADER_BYTES)).orElse(Map.of());
        Optional<Chunk> chunk = Chunk.at(file, number(trail.header, "block") * BLOCK_BYTES);
        while (chunk.isPresent()) {
            Chunk last = chunk.get();
            trail.add(last);
            chunk = Chunk.at(file, last.next).filter(next -> next.version > last.version); // as H2 goes on, or stops
        }
        return trail;
    }

    /** The header was written with these bytes, and names the newest chunk; a file without chunks has one that names none. */
    void headerWritten(ByteBuffer bytes) {
        header = header(bytes).orElse(Map.of());
        Chunk named = Chunk.namedBy(header);
        long end = places.getOrDefault(named.position, named.end);
        newest = Optional.of(named).filter(chunk -> chunk.position >= HEADER_BYTES);
        places.clear();
        places.put(named.position, end);
        isCertain = true;
    }

    /** The newer one of those copies that are whole. */
    private static Optional<Map<String, String>> header(ByteBuffer bytes) {
        return Stream.of(0, BLOCK_BYTES)
                .flatMap(copy -> checked(text(bytes, copy, BLOCK_BYTES)).stream())
                .max(Comparator.comparingLong(fields -> number(fields, "version")));
    }

    /** A chunk with these bytes was written, or moved. */
    void chunkWritten(long position, ByteBuffer bytes) {
        Chunk.of(position, text(bytes, 0, MOST_CHUNK_HEADER_BYTES)).ifPresent(chunk -> {
            boolean isOlder =
                    newest.filter(other -> other.version > chunk.version).isPresent();
            if (isOlder && isCertain) {
                return; // one of the others was moved
            }
            if (isOlder) { // what was found when the file was opened is not what H2 goes on from
                places.clear();
            }
            add(chunk);
            isCertain = true;
        });
    }

    private void add(Chunk chunk) {
        newest = Optional.of(chunk);
        places.put(chunk.position, chunk.end);
    }

    /** The header to write before anything may be written from {@code begin} to {@code end}; none when the trail stays whole. */
    Optional<ByteBuffer> headerBefore(long begin, long end) {
        boolean isCut = places.headMap(end).values().stream().anyMatch(placeEnd -> placeEnd > begin);
        return newest.filter(chunk -> isCut && !chunk.lies(begin, end) && !header.isEmpty())
                .map(this::headerThatNames);
    }

    private ByteBuffer headerThatNames(Chunk chunk) {
        HashMap<String, Object> fields = new HashMap<>(header);
        fields.remove("clean");
        fields.put("block", chunk.position / BLOCK_BYTES);
        fields.put("chunk", chunk.id);
        fields.put("version", chunk.version);
        StringBuilder text = DataUtils.appendMap(new StringBuilder(), fields);
        DataUtils.appendMap(text, "fletcher", checksum(text.toString()));
        byte[] copy = text.append('\n').toString().getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(HEADER_BYTES).put(0, copy).put(BLOCK_BYTES, copy);
    }

    private static Optional<Map<String, String>> checked(String text) {
        int end = text.lastIndexOf(CHECKSUM);
        if (end < 0) {
            return Optional.empty();
        }
        String covered = text.substring(0, end);
        boolean isWhole = (int) number(text.substring(end + CHECKSUM.length())) == checksum(covered);
        return isWhole ? fields(covered) : Optional.empty();
    }

    private static int checksum(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return DataUtils.getFletcher32(bytes, 0, bytes.length);
    }

    private static Optional<Map<String, String>> fields(String text) {
        try {
            return Optional.of(DataUtils.parseMap(text));
        } catch (MVStoreException none) {
            return Optional.empty();
        }
    }

    /** A hexadecimal number, 0 where none stands. */
    private static long number(Map<String, String> fields, String name) {
        return number(fields.getOrDefault(name, "0"));
    }

    private static long number(String hexadecimal) {
        try {
            return Long.parseUnsignedLong(hexadecimal, 16);
        } catch (NumberFormatException none) {
            return 0;
        }
    }

    /** The first line from {@code from} bytes behind the buffer's position, without its padding. */
    private static String text(ByteBuffer bytes, int from, int most) {
        ByteBuffer rest = bytes.duplicate();
        rest.position(Math.min(rest.limit(), rest.position() + from));
        byte[] line = new byte[Math.min(most, rest.remaining())];
        rest.get(line);
        String text = new String(line, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\n');
        return end < 0 ? "" : text.substring(0, end).trim();
    }

    private static ByteBuffer read(FileChannel file, long position, int most) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(most);
        while (bytes.hasRemaining() && file.read(bytes, position + bytes.position()) >= 0) {
            // a file may end before
        }
        return bytes.flip();
    }

    /** What the header of a chunk says; {@code next} is where the next one was meant to go, or 0. */
    private record Chunk(long id, long version, long position, long end, long next) {

        /** As the header tells, which knows no end but that there is a first block. */
        static Chunk namedBy(Map<String, String> header) {
            long position = number(header, "block") * BLOCK_BYTES;
            return new Chunk(number(header, "chunk"), number(header, "version"), position, position + BLOCK_BYTES, 0);
        }

        /** None where none begins, or where one has lost its end. */
        static Optional<Chunk> at(FileChannel file, long position) throws IOException {
            ByteBuffer header = read(file, position, MOST_CHUNK_HEADER_BYTES);
            Optional<Chunk> chunk = of(position, text(header, 0, MOST_CHUNK_HEADER_BYTES));
            if (chunk.isEmpty()) {
                return chunk;
            }
            ByteBuffer footer = read(file, chunk.get().end - FOOTER_BYTES, FOOTER_BYTES);
            return chunk.filter(whole -> checked(text(footer, 0, FOOTER_BYTES))
                    .filter(fields -> number(fields, "chunk") == whole.id)
                    .isPresent());
        }

        static Optional<Chunk> of(long position, String text) {
            if (!text.startsWith("chunk:")) {
                return Optional.empty();
            }
            return fields(text)
                    .map(fields -> new Chunk(
                            number(fields, "chunk"),
                            number(fields, "version"),
                            position,
                            position + number(fields, "len") * BLOCK_BYTES,
                            number(fields, "next") * BLOCK_BYTES));
        }

        boolean lies(long begin, long end) {
            return position < end && begin < this.end;
        }
    }
}
