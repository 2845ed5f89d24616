package prekeeper.server;

import java.util.Optional;

/** Whole numbers as settings have them: digits alone. */
final class Numbers {

    private Numbers() {}

    /** The number that {@code written} is, when it is one from {@code least}, 0 or more, to {@code most}. */
    static Optional<Integer> parse(String written, int least, int most) {
        return Optional.of(written)
                .filter(digits -> digits.matches("[0-9]{1,9}"))
                .map(Integer::valueOf)
                .filter(number -> number >= least && number <= most);
    }
}
