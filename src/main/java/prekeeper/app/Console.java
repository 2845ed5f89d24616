package prekeeper.app;

import java.io.PrintStream;
import java.util.List;
import java.util.Map;

/**
 * What a command is run with: results go to {@code out}, everything else to {@code err}.
 *
 * @param environment of the process
 */
record Console(PrintStream out, PrintStream err, Map<String, String> environment) {

    void result(String line) {
        out.println(line);
    }

    void error(String line) {
        err.println("prekeeper: error: " + line);
    }

    void hint(String line) {
        err.println("prekeeper: hint: " + line);
    }

    void warnings(List<String> lines) {
        lines.forEach(line -> err.println("prekeeper: warning: " + line));
    }
}
