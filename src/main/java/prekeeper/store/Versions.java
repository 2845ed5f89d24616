package prekeeper.store;

import java.util.stream.Collectors;

/** OTR versions that a query asks for. */
final class Versions {

    private Versions() {}

    /** The ASCII digits of {@code asked}, once each; everything else in it comes from whoever asks and means nothing. */
    static String digits(String asked) {
        return asked.chars()
                .filter(digit -> digit >= '0' && digit <= '9')
                .distinct()
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }
}
