package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScratchIT {

    @Test
    void nothingIsLeftBehind() throws Exception {
        Path folder;
        ChildProcess child;
        try (Scratch scratch = Scratch.create()) {
            folder = scratch.folder();
            Files.writeString(folder.resolve("file"), "content");
            child = scratch.start("sleep", List.of("sleep", "1000"));
            child.await("life", Duration.ofSeconds(5), child::isAlive);
        }
        assertFalse(child.isAlive());
        assertFalse(Files.exists(folder));
    }
}
