package prekeeper.server;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.SecretBytes;
import prekeeper.store.Folders;
import prekeeper.store.OwnerOnly;

/**
 * The file of the server's identity: comment lines, and one line with the 57 bytes that the key pair is made from.
 *
 * <pre>prekeeper-identity-1 HEX CHECKSUM</pre>
 *
 * <p>The checksum is the first four bytes of SHA-256 over the line before it. It finds what was cut or mistyped, which
 * would otherwise be a valid key with other fingerprints.
 */
public final class KeyFile {
    private static final String COMMENT =
            "# Identity of this prekey server. Keep it secret, and keep a copy: without it the fingerprint changes.\n";
    private static final String MARK = "prekeeper-identity-1";
    private static final Pattern KEY_LINE = Pattern.compile("(" + MARK + " ([0-9a-f]*)) ([0-9a-f]*)");
    private static final int HEX_DIGITS = 2 * Ed448KeyPair.SYMMETRIC_KEY_BYTES;
    private static final int CHECKSUM_BYTES = 4;
    private static final int MOST_BYTES = 4096;
    private static final String RESTORE = "restore the file from its copy; a new key would change the fingerprint that"
            + " people know this server by";

    private KeyFile() {}

    /**
     * Reads the 57 bytes; the caller closes them.
     *
     * @throws SetupException when there is no whole key in {@code file}. Nothing of its content is quoted
     */
    public static SecretBytes load(Path file) throws SetupException {
        byte[] content = new byte[0];
        try (InputStream in = Files.newInputStream(file)) {
            content = in.readNBytes(MOST_BYTES + 1);
            return parse(file, new String(content, StandardCharsets.ISO_8859_1));
        } catch (NoSuchFileException e) {
            throw new SetupException(
                    file + ": no such file",
                    "prekeeper key generate makes a new key; if there was one, restore it from its copy");
        } catch (IOException e) {
            throw new SetupException(
                    file + ": no file that this user can read",
                    "run prekeeper as the user that owns the key file, or chown that to the user that the server runs as");
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    /** Whether there is something at {@code file}, so that no new key is made. A dangling link counts: its target is elsewhere for now. */
    public static boolean isThere(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS);
    }

    /** {@link #load}, or {@link #create} when there is no such file yet. */
    static SecretBytes loadOrCreate(Path file, SecureRandom random) throws SetupException {
        return isThere(file) ? load(file) : create(file, random);
    }

    /**
     * Makes a new key, durable and readable by its owner only (0600) before it appears under its name, all of it at once.
     *
     * @return the 57 bytes; the caller closes them
     * @throws SetupException when {@code file} is there already, which is left as it is, or can not be made
     */
    public static SecretBytes create(Path file, SecureRandom random) throws SetupException {
        Path folder = file.toAbsolutePath().getParent();
        Path draft = folder.resolve(file.getFileName() + "." + Long.toHexString(random.nextLong()) + ".new");
        byte[] key = new byte[Ed448KeyPair.SYMMETRIC_KEY_BYTES];
        random.nextBytes(key);
        try {
            try {
                write(draft, key);
                Files.createLink(file, draft); // unlike a rename, never replaces what is there
            } finally {
                Files.deleteIfExists(draft);
            }
            Folders.force(folder);
        } catch (FileAlreadyExistsException e) {
            Arrays.fill(key, (byte) 0);
            throw new SetupException(
                    file + ": a file is there already and is never overwritten",
                    "prekeeper key show tells the fingerprint of the key in it");
        } catch (IOException | UnsupportedOperationException e) {
            Arrays.fill(key, (byte) 0);
            throw new SetupException(
                    file + ": can not be made (" + e.getClass().getSimpleName() + ")",
                    "its folder must be there, with room, and belong to the user that runs prekeeper");
        }
        return SecretBytes.adopt(key);
    }

    private static void write(Path draft, byte[] key) throws IOException {
        String line = MARK + " " + HexFormat.of().formatHex(key);
        byte[] content = (COMMENT + line + " " + checksum(line) + "\n").getBytes(StandardCharsets.US_ASCII);
        try (FileChannel out = FileChannel.open(
                draft, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file(draft))) {
            ByteBuffer rest = ByteBuffer.wrap(content);
            while (rest.hasRemaining()) {
                out.write(rest);
            }
            out.force(true);
        } finally {
            Arrays.fill(content, (byte) 0);
        }
    }

    private static SecretBytes parse(Path file, String content) throws SetupException {
        List<String> lines = content.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                .toList();
        if (content.length() > MOST_BYTES || lines.size() != 1) {
            throw new SetupException(
                    file + ": not an identity key; comments and one line " + MARK + " ... expected", RESTORE);
        }
        Matcher line = KEY_LINE.matcher(lines.get(0));
        if (!line.matches()) {
            throw new SetupException(
                    file + ": not an identity key; " + MARK + ", " + HEX_DIGITS
                            + " hexadecimal digits and a checksum of " + 2 * CHECKSUM_BYTES + " expected",
                    RESTORE);
        }
        if (line.group(2).length() != HEX_DIGITS) {
            throw new SetupException(
                    file + ": an identity key of " + line.group(2).length() + " hexadecimal digits, " + HEX_DIGITS
                            + " expected",
                    RESTORE);
        }
        if (!checksum(line.group(1)).equals(line.group(3))) {
            throw new SetupException(file + ": identity key and checksum differ; the file was cut or changed", RESTORE);
        }
        return SecretBytes.adopt(HexFormat.of().parseHex(line.group(2)));
    }

    private static String checksum(String line) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(line.getBytes(StandardCharsets.US_ASCII));
            return HexFormat.of().formatHex(hash, 0, CHECKSUM_BYTES);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
