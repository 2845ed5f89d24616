package prekeeper.server;

import com.typesafe.config.ConfigValue;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prekeeper.crypto.SecretBytes;

/**
 * A secret and its three sources: an environment variable, which wins, or the setting itself, or a file that a second
 * setting names.
 *
 * @param name of the setting that holds the secret; its value is shown in no error
 * @param fileName of the setting that holds a path
 * @param variable of the environment
 */
record SecretSetting(Block block, String name, String fileName, String variable) {
    private static final int MOST_BYTES = 4096;

    /** Whether there is a source, good or bad. */
    boolean isPresent(Map<String, String> environment) {
        return environment.containsKey(variable)
                || block.value(name).isPresent()
                || block.value(fileName).isPresent();
    }

    /**
     * The secret as UTF-8, from the first source that there is.
     *
     * @param warnings takes a line for each file with a secret in it that everybody can read
     * @return empty when there is none or, reported, when it can not be used
     */
    Optional<SecretBytes> read(SettingsReader.Source source, Problems problems, List<String> warnings) {
        Optional<ConfigValue> written = block.value(name);
        Optional<ConfigValue> path = block.value(fileName);
        if (written.isPresent() && path.isPresent()) {
            problems.add(
                    path.get(), block.path(fileName) + ": " + name + " is set as well, only one of them is allowed");
            return Optional.empty();
        }
        String variableValue = source.environment().get(variable);
        if (variableValue != null) {
            if (variableValue.isEmpty()) {
                problems.addVariable(variable, "empty, a secret expected");
            }
            return Optional.of(variableValue).filter(value -> !value.isEmpty()).map(SecretSetting::utf8);
        }
        if (path.isPresent()) {
            return block.scalar(fileName, "the path of a file", text -> SettingsReader.resolve(source.folder(), text))
                    .flatMap(secretFile -> fromFile(secretFile, path.get(), problems, warnings));
        }
        return written.flatMap(value -> fromSetting(value, problems, warnings));
    }

    private Optional<SecretBytes> fromSetting(ConfigValue value, Problems problems, List<String> warnings) {
        Optional<String> secret = Block.text(value).filter(text -> !text.isEmpty());
        if (secret.isEmpty()) {
            problems.add(value, block.path(name) + " is empty, a list or a block, a text in quotes expected");
        }
        Optional.ofNullable(value.origin().filename())
                .flatMap(configuration -> Exposure.toEverybody(Path.of(configuration)))
                .ifPresent(warning -> warnings.add(warning + "; it holds " + block.path(name)));
        return secret.map(SecretSetting::utf8);
    }

    private Optional<SecretBytes> fromFile(
            Path secretFile, ConfigValue setting, Problems problems, List<String> warnings) {
        String where = block.path(fileName) + ": " + secretFile + ": ";
        try (InputStream in = Files.newInputStream(secretFile)) {
            byte[] content = in.readNBytes(MOST_BYTES + 1);
            try {
                int length = withoutLineEnd(content);
                String problem = length == 0
                        ? "empty, a secret expected"
                        : length > MOST_BYTES
                                ? "longer than " + MOST_BYTES + " bytes"
                                : hasLineEnd(content, length) ? "more than one line, a secret alone expected" : "";
                if (!problem.isEmpty()) {
                    problems.add(setting, where + problem);
                    return Optional.empty();
                }
                Exposure.toEverybody(secretFile).ifPresent(warnings::add);
                return Optional.of(SecretBytes.adopt(Arrays.copyOf(content, length)));
            } finally {
                Arrays.fill(content, (byte) 0);
            }
        } catch (NoSuchFileException e) {
            problems.add(setting, where + "no such file");
        } catch (IOException e) {
            problems.add(setting, where + "no file that this user can read");
        }
        return Optional.empty();
    }

    private static int withoutLineEnd(byte[] content) {
        int length = content.length;
        if (length > 0 && content[length - 1] == '\n') {
            length--;
        }
        return length > 0 && content[length - 1] == '\r' ? length - 1 : length;
    }

    private static boolean hasLineEnd(byte[] content, int length) {
        for (int i = 0; i < length; i++) {
            if (content[i] == '\n') {
                return true;
            }
        }
        return false;
    }

    private static SecretBytes utf8(String text) {
        return SecretBytes.adopt(text.getBytes(StandardCharsets.UTF_8));
    }
}
