package prekeeper.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.function.Consumer;
import prekeeper.server.SetupException;
import prekeeper.store.Folders;
import prekeeper.store.OwnerOnly;

/** Makes a file for its owner alone, which is removed when it did not become whole. */
final class NewFile {

    private NewFile() {}

    /** Writes what belongs in the file. */
    interface Writer {
        /** Returns a line that says what was done, told when it is on disk. */
        String writeTo(OutputStream out) throws IOException;
    }

    /**
     * Makes {@code file} with what {@code writer} writes.
     *
     * @param told is given the writer's line when everything is on disk
     * @throws SetupException when that fails, or something is there already
     */
    static void write(Path file, Writer writer, Consumer<String> told) throws SetupException {
        try (FileChannel channel = FileChannel.open(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), OwnerOnly.file(file))) {
            boolean complete = false;
            try {
                OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel));
                String line = writer.writeTo(out);
                out.flush();
                channel.force(true);
                Folders.force(file.getParent());
                complete = true;
                told.accept(line);
            } finally {
                if (!complete) {
                    Files.deleteIfExists(file);
                }
            }
        } catch (FileAlreadyExistsException e) {
            throw new SetupException(file + ": something is there already", "name another file");
        } catch (IOException e) {
            throw new SetupException(
                    file + ": can not be written (" + e.getMessage() + ")",
                    "its folder must be there, with room, and belong to the user that runs this");
        }
    }
}
