package prekeeper.app;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import prekeeper.crypto.Bytes;
import prekeeper.store.PrekeyStore;
import prekeeper.wire.InstanceTag;

/**
 * The file store of otrv4/otrng-prekey-server (its {@code -storage dir:FOLDER}), which is read only. An account's name is in it
 * as SHA-256 in upper-case hexadecimal alone; tags and identifiers are eight upper-case hexadecimal digits.
 *
 * <pre>XXXX/SHA256/TAG/cp.bin | pp.bin | pm/IDENTIFIER.bin, XXXX the first four digits of SHA256</pre>
 *
 * <p>Links are not followed, and no file is read further than the longest encoding goes.
 */
final class OtrngFolder {
    private static final Pattern PREFIX = Pattern.compile("[0-9A-F]{4}");
    private static final Pattern HASH = Pattern.compile("[0-9A-F]{64}");
    private static final Pattern TAG = Pattern.compile("[0-9A-F]{8}");
    private static final Pattern PREKEY_MESSAGE = Pattern.compile("([0-9A-F]{8})\\.bin");

    private final Path folder;

    /** @param folder may be a link itself */
    OtrngFolder(Path folder) {
        this.folder = folder;
    }

    /** One device's folder. */
    record Device(Path folder, InstanceTag tag) {}

    /**
     * A file's content.
     *
     * @param problem why there is none, though there is something of that name
     */
    record Content(Optional<Bytes> bytes, Optional<String> problem) {}

    /** The folder that belongs to an account of this very name. */
    Optional<Path> account(String name) {
        String hash = hash(name);
        Path account = folder.resolve(hash.substring(0, 4)).resolve(hash);
        return isFolder(account.getParent()) && isFolder(account) ? Optional.of(account) : Optional.empty();
    }

    /** The devices of an account, by tag. */
    List<Device> devices(Path account, Consumer<String> impossible) throws IOException {
        List<Device> devices = new ArrayList<>();
        for (Path device : sorted(account, TAG)) {
            int tag = HexFormat.fromHexDigits(device.getFileName().toString());
            if (Integer.compareUnsigned(tag, InstanceTag.LEAST) < 0 || !isFolder(device)) {
                impossible.accept(device.getFileName() + ": not the folder of a device");
            } else {
                devices.add(new Device(device, new InstanceTag(tag)));
            }
        }
        return devices;
    }

    Content clientProfile(Device device) throws IOException {
        return read(device.folder().resolve("cp.bin"), "client profile");
    }

    Content prekeyProfile(Device device) throws IOException {
        return read(device.folder().resolve("pp.bin"), "prekey profile");
    }

    /** The files of a device's prekey messages in the order in which that server handed them out. */
    List<Path> prekeyMessages(Device device) throws IOException {
        Path messages = device.folder().resolve("pm");
        return isFolder(messages) ? sorted(messages, PREKEY_MESSAGE) : List.of();
    }

    static int identifier(Path prekeyMessage) {
        Matcher name = PREKEY_MESSAGE.matcher(prekeyMessage.getFileName().toString());
        if (!name.matches()) {
            throw new IllegalArgumentException("not the name of a prekey message");
        }
        return HexFormat.fromHexDigits(name.group(1));
    }

    static Content prekeyMessage(Path file) throws IOException {
        return read(file, "prekey message");
    }

    /** How many folders of accounts are none of {@code known}. */
    long countOthers(Set<Path> known) throws IOException {
        long others = 0;
        for (Path prefix : sorted(folder, PREFIX)) {
            if (isFolder(prefix)) {
                others += sorted(prefix, HASH).stream()
                        .filter(account -> isFolder(account) && !known.contains(account))
                        .count();
            }
        }
        return others;
    }

    private static Content read(Path file, String what) throws IOException {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Content(Optional.empty(), Optional.empty());
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return new Content(Optional.empty(), Optional.of(what + " is not in a file of its own"));
        }
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] content = in.readNBytes(PrekeyStore.LONGEST_ENCODING_BYTES + 1);
            if (content.length > PrekeyStore.LONGEST_ENCODING_BYTES) {
                return new Content(
                        Optional.empty(),
                        Optional.of(what + " is longer than " + PrekeyStore.LONGEST_ENCODING_BYTES + " bytes"));
            }
            return new Content(Optional.of(Bytes.of(content)), Optional.empty());
        }
    }

    /** What has such a name; the server's locks and whatever else is there has not. */
    private static List<Path> sorted(Path folder, Pattern names) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(
                folder, entry -> names.matcher(entry.getFileName().toString()).matches())) {
            entries.forEach(found::add);
        }
        found.sort(null);
        return found;
    }

    private static boolean isFolder(Path path) {
        return Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static String hash(String name) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().withUpperCase().formatHex(hash);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
