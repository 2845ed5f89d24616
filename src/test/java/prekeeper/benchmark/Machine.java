package prekeeper.benchmark;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.stream.Stream;

/**
 * What it was measured on.
 *
 * @param processor its name, or only its architecture where the system tells no more
 * @param load average of the last minute; negative where the system does not tell
 */
record Machine(String processor, int processors, String system, String java, LocalDate day, double load) {
    private static final Path LINUX = Path.of("/proc/cpuinfo");

    static Machine now() {
        return new Machine(
                processorName(),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("java.version"),
                LocalDate.now(ZoneOffset.UTC),
                ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage());
    }

    private static String processorName() {
        try (Stream<String> lines = Files.lines(LINUX)) {
            return lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        } catch (IOException noLinux) {
            return System.getProperty("os.arch");
        }
    }

    @Override
    public String toString() {
        return processor + ", " + processors + " processors, " + system + ", Java " + java;
    }
}
