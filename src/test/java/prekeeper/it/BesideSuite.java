package prekeeper.it;

import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.extension.TestWatcher;

/** The built jar beside a real XMPP server, both started once for all tests of a class. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class BesideSuite {
    /** For tests that ask more at once than honest clients do; the limits have a suite of their own. */
    static final String PLENTY = """
            limits {
              requests.burst = 100000, handshakes.burst = 10000, retrievals-per-requester-and-target.burst = 10000
              retrievals-per-requester.burst = 10000, retrievals-per-target.burst = 10000
            }""";

    /** A test that fails on another machine is understood by what both servers logged, and their logs are gone afterwards. */
    @RegisterExtension
    @SuppressWarnings("SystemOut")
    final TestWatcher logs = new TestWatcher() {
        @Override
        public void testFailed(ExtensionContext context, Throwable cause) {
            System.err.println(context.getDisplayName() + " failed" + prekeeper.logTail() + "\n" + xmpp.logTail());
        }
    };

    private final String[] settings;
    Scratch scratch;
    XmppServer xmpp;
    RunningPrekeeper prekeeper;

    /** @param settings further lines of configuration, in the {@code prekeeper} block */
    BesideSuite(String... settings) {
        this.settings = settings;
    }

    /** Starts the XMPP server that all tests run beside. */
    abstract XmppServer startServer(Scratch scratch) throws IOException;

    @BeforeAll
    void startBoth() throws IOException {
        scratch = Scratch.create();
        xmpp = startServer(scratch);
        prekeeper = RunningPrekeeper.start(scratch, xmpp, settings);
    }

    @AfterAll
    void endBoth() {
        scratch.close();
    }
}
