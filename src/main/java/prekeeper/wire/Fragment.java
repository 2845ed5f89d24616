package prekeeper.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One piece of a message's text (prekey server spec, "Fragmentation").
 *
 * <pre>?OTRP|id|sender|receiver,index,total,piece,</pre>
 *
 * @param id INT that all fragments of one message share; hexadecimal on the wire
 * @param sender INT, an instance tag or not: nothing depends on it, and the reference server writes constants
 * @param receiver as {@code sender}
 * @param index from 1 to {@code total}
 * @param total from 1 to 65535
 * @param piece not empty, without commas
 */
public record Fragment(int id, int sender, int receiver, int index, int total, String piece) {
    private static final String START = "?OTRP|";
    private static final int MOST_FRAGMENTS = 65535;
    private static final Pattern FORM = Pattern.compile("\\?OTRP\\|([0-9A-Fa-f]{1,8})\\|([0-9A-Fa-f]{1,8})"
            + "\\|([0-9A-Fa-f]{1,8}),([0-9]{1,5}),([0-9]{1,5}),([^,]+),");
    /** All of a fragment but its piece, at its longest. */
    private static final int MOST_FRAME_CHARS = new Fragment(-1, -1, -1, MOST_FRAGMENTS, MOST_FRAGMENTS, "x")
                    .encode()
                    .length()
            - 1;

    public Fragment {
        if (total < 1 || total > MOST_FRAGMENTS || index < 1 || index > total) {
            throw new IllegalArgumentException(
                    "fragment " + index + " of " + total + ", 1 to " + MOST_FRAGMENTS + " allowed");
        }
        if (piece.isEmpty() || piece.contains(",")) {
            throw new IllegalArgumentException("the piece of a fragment is empty or has a comma");
        }
    }

    /** Whether {@code text} begins as fragments do; it may still be malformed. */
    public static boolean isFragment(String text) {
        return text.stripLeading().startsWith(START);
    }

    /**
     * Reads one fragment, white space around it ignored. Identifiers have one to eight hexadecimal digits: the decimal ones
     * that the reference server writes are read as hexadecimal where they are short enough.
     */
    public static Fragment parse(String text) throws MalformedMessageException {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new MalformedMessageException("text of " + text.length() + " characters is not a fragment");
        }
        try {
            return new Fragment(
                    Integer.parseUnsignedInt(form.group(1), 16),
                    Integer.parseUnsignedInt(form.group(2), 16),
                    Integer.parseUnsignedInt(form.group(3), 16),
                    Integer.parseInt(form.group(4)),
                    Integer.parseInt(form.group(5)),
                    form.group(6));
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException(e.getMessage());
        }
    }

    /**
     * Cuts a message's text into fragments, in order.
     *
     * @param message in its armour, which has no commas
     * @param maxLength of each result, in characters
     * @return {@code message} itself, uncut, when it is no longer than that
     * @throws IllegalArgumentException when {@code maxLength} leaves no room for a piece, or more than 65535 were needed
     */
    public static List<String> split(String message, int id, int sender, int receiver, int maxLength) {
        if (message.length() <= maxLength) {
            return List.of(message);
        }
        int room = maxLength - MOST_FRAME_CHARS;
        if (room < 1) {
            throw new IllegalArgumentException(
                    "fragments of " + maxLength + " characters, at least " + (MOST_FRAME_CHARS + 1) + " needed");
        }
        int total = (message.length() + room - 1) / room;
        List<String> fragments = new ArrayList<>();
        for (int index = 1; index <= total; index++) {
            int from = (index - 1) * room;
            String piece = message.substring(from, from + Math.min(room, message.length() - from));
            fragments.add(new Fragment(id, sender, receiver, index, total, piece).encode());
        }
        return fragments;
    }

    /**
     * The text that was cut into {@code fragments}, which may come in any order.
     *
     * @throws MalformedMessageException unless these are all fragments of one message, each once
     */
    public static String join(Collection<Fragment> fragments) throws MalformedMessageException {
        SortedMap<Integer, Fragment> byIndex = new TreeMap<>();
        for (Fragment fragment : fragments) {
            if (byIndex.putIfAbsent(fragment.index, fragment) != null) {
                throw new MalformedMessageException("fragment " + fragment.index + " twice");
            }
        }
        if (byIndex.isEmpty()) {
            throw new MalformedMessageException("no fragments");
        }
        StringBuilder message = new StringBuilder();
        for (Fragment fragment : byIndex.values()) {
            if (!fragment.sameMessage(byIndex.get(byIndex.firstKey())) || fragment.total != fragments.size()) {
                throw new MalformedMessageException(
                        fragments.size() + " fragments that are not the " + fragment.total + " of one message");
            }
            message.append(fragment.piece);
        }
        return message.toString();
    }

    /** Whether both say that they are of the same message in equally many pieces. */
    private boolean sameMessage(Fragment other) {
        return id == other.id && sender == other.sender && receiver == other.receiver && total == other.total;
    }

    /** Refuses {@code other} when it says otherwise of the message that both are pieces of. */
    public void expectSameMessage(Fragment other) throws MalformedMessageException {
        if (!sameMessage(other)) {
            throw new MalformedMessageException(
                    "fragment of another message, or of " + other.total + " where others are of " + total);
        }
    }

    /** The fragment's text: identifiers in eight hexadecimal digits, numbers in decimal. */
    public String encode() {
        return String.format(
                Locale.ROOT, "%s%08x|%08x|%08x,%d,%d,%s,", START, id, sender, receiver, index, total, piece);
    }
}
