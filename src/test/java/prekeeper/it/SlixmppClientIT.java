package prekeeper.it;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SlixmppClientIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private Scratch scratch;

    @BeforeEach
    void start() throws IOException {
        scratch = Scratch.create();
    }

    @AfterEach
    void end() {
        scratch.close();
    }

    @Test
    void theClientInPythonAgreesWithEveryVector() throws Exception {
        new SlixmppClient(scratch, "src/test/python/test_otrv4.py").run(List.of(), Duration.ofMinutes(3));
    }

    @Test
    void aScriptMayUseSlixmppAndCryptography() throws Exception {
        client("import slixmpp, cryptography").run(List.of(), PATIENCE);
    }

    @Test
    void whatFailedInAScriptIsShown() throws Exception {
        SlixmppClient failing = client("""
                import sys
                print('not ok 1 -', sys.argv[1])
                print('# no such item')
                for n in range(2, 100):
                    print('ok', n)
                sys.exit(1)
                """);
        AssertionError error = assertThrows(AssertionError.class, () -> failing.run(List.of("discovery"), PATIENCE));
        assertTrue(error.getMessage().contains("not ok 1 - discovery\n# no such item"), error::getMessage);
        assertTrue(error.getMessage().contains("ok 99"), error::getMessage);
    }

    @Test
    void aScriptThatDoesNotEndIsEnded() throws Exception {
        SlixmppClient endless = client("import time; print('so far', flush=True); time.sleep(1000)");
        IllegalStateException error =
                assertThrows(IllegalStateException.class, () -> endless.run(List.of(), Duration.ofSeconds(3)));
        assertTrue(error.getMessage().contains("no end within 3 s"), error::getMessage);
    }

    private SlixmppClient client(String python) throws IOException {
        Path script = Files.writeString(scratch.folder().resolve("script.py"), python);
        return new SlixmppClient(scratch, script.toString());
    }
}
