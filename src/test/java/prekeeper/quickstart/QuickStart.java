package prekeeper.quickstart;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import prekeeper.it.PrivateProsody;
import prekeeper.it.Scratch;

/**
 * Walks the tour in a folder that is gone afterwards, also after Ctrl-C. Its arguments come from {@code bin/quickstart},
 * which explains them.
 */
public final class QuickStart {
    private static final Logger SMACK = Logger.getLogger("org.jivesoftware");

    private QuickStart() {}

    /** Ends with status 0 when every check passed, 1 otherwise; the logs are kept then. */
    public static void main(String[] arguments) throws Exception {
        SMACK.setLevel(Level.SEVERE); // it warns of connections without TLS, which are meant
        boolean stay = List.of(arguments).contains("--stay");
        Narrator narrator = new Narrator(System.out);
        try (Scratch scratch = Scratch.create()) {
            try {
                Tour tour = new Tour(scratch, narrator, PrivateProsody.start(scratch));
                tour.walk();
                narrator.line("All checks passed in " + narrator.total() + ".");
                if (stay) {
                    tour.tellHowToConnect();
                    new CountDownLatch(1).await(); // the shutdown hook of the scratch tidies up
                }
                return;
            } catch (Exception | AssertionError e) {
                report(e, narrator, scratch);
            }
        }
        System.exit(1);
    }

    private static void report(Throwable failure, Narrator narrator, Scratch scratch) throws IOException {
        if (scratch.hasEnded()) {
            return; // interrupted: that something failed then is no news
        }
        scratch.keep();
        try (PrintWriter log =
                new PrintWriter(Files.newBufferedWriter(scratch.folder().resolve("quickstart.log")))) {
            failure.printStackTrace(log);
        }
        narrator.line("");
        System.err.println("quickstart: error: step " + (narrator.steps() + 1) + " failed: " + failure.getMessage());
        System.err.println("quickstart: hint: the logs are in " + scratch.folder());
    }
}
