package prekeeper.xmpp;

import java.io.IOException;
import java.io.Reader;
import org.dom4j.Element;
import org.dom4j.QName;

/**
 * An XMPP stream whose stanzas are bounded, whatever the server lets through: the parser behind it keeps a whole stanza in
 * memory, compares each attribute of an element with each other, and never gives back what one long text took.
 *
 * <p>A stanza within the bounds passes unchanged. Of one that is past them the rest is swallowed, but for the end tags of
 * what had passed already, and an element that says so is put before its own end tag ({@link #isTooLarge},
 * {@link #isTooComplex}). A stanza whose own start tag is past them becomes that element alone. So well-formed XML stays
 * well-formed, and memory is bounded by the bounds; XML that is not well-formed is left to the parser.
 *
 * <p>A tag is held until it is whole, since a part of one could lack a namespace that others need; everything else passes as
 * soon as it comes. Comments, CDATA sections and processing instructions, which servers do not forward, pass whole or not at all.
 * Not thread-safe.
 */
final class StanzaBound extends Reader {
    /** Of one tag, attributes included: two full JIDs take 6,000 bytes at most, and honest tags have little else. */
    static final int MOST_MARKUP_CHARS = 8 * 1024;

    /** Of one reference to a character or an entity. */
    private static final int MOST_REFERENCE_CHARS = 32;

    private static final String NAMESPACE = "prekeeper:stanza";

    private final Reader in;
    private final int mostChars;
    private final char[] chunk = new char[4096];
    private final StringBuilder out = new StringBuilder();
    private int taken;

    /** What the next character belongs to. */
    private State state = State.TEXT;
    /** A reference or a piece of markup from its first character on, up to its bound. */
    private final StringBuilder held = new StringBuilder();

    private boolean heldAll = true;
    private Markup kind;
    private int attributes;
    private char quote;
    private char last;
    private char lastButOne;

    /** Elements that have passed and not ended, the stream included, and those within them that are swallowed. */
    private int open;

    private int swallowing;
    /** Of the stanza, or of what stands between stanzas. */
    private int chars;

    private int parts;
    /** What it is first past of; null while it is within the bounds. */
    private Excess past;

    /** Why something was swallowed, and the element that says so. */
    private enum Excess {
        /** Of characters. */
        SIZE("too-large"),
        /** Of elements, attributes or levels. */
        SHAPE("too-complex");

        final String name;
        final String mark;

        Excess(String name) {
            this.name = name;
            this.mark = "<" + name + " xmlns='" + NAMESPACE + "'/>";
        }

        boolean isIn(Element stanza) {
            return stanza.element(QName.get(name, NAMESPACE)) != null;
        }
    }

    private enum State {
        TEXT,
        REFERENCE,
        MARKUP
    }

    /** Kinds of what begins with {@code <}; a kind whose opening begins with another's comes before that. */
    private enum Markup {
        COMMENT("<!--", "-->"),
        CDATA("<![CDATA[", "]]>"),
        INSTRUCTION("<?", "?>"),
        DECLARATION("<!", ">"),
        END_TAG("</", ">"),
        START_TAG("<", ">");

        final String opening;
        final String closing;

        Markup(String opening, String closing) {
            this.opening = opening;
            this.closing = closing;
        }

        /** The kind of what begins with {@code beginning}; null while it may be one of several. */
        static Markup of(CharSequence beginning) {
            String begins = beginning.toString();
            for (Markup kind : values()) {
                if (begins.startsWith(kind.opening) && kind != START_TAG) {
                    return kind;
                }
                if (kind.opening.startsWith(begins)) {
                    return null;
                }
            }
            return START_TAG;
        }
    }

    /**
     * Bounds the stanzas of {@code in}.
     *
     * @param mostChars what a stanza may have of characters, markup included; end tags may exceed it
     */
    StanzaBound(Reader in, int mostChars) {
        this.in = in;
        this.mostChars = mostChars;
    }

    /** Whether something of {@code stanza} was swallowed because it was too much; its sender may also say so. */
    static boolean isTooLarge(Element stanza) {
        return Excess.SIZE.isIn(stanza);
    }

    /** Whether something of {@code stanza} was swallowed because it was too many or too deep; its sender may also say so. */
    static boolean isTooComplex(Element stanza) {
        return Excess.SHAPE.isIn(stanza);
    }

    @Override
    public int read(char[] buffer, int offset, int length) throws IOException {
        while (taken == out.length()) {
            out.setLength(0);
            taken = 0;
            int count = in.read(chunk, 0, chunk.length);
            if (count < 0) {
                return -1;
            }
            for (int i = 0; i < count; i++) {
                take(chunk[i]);
            }
        }
        int count = Math.min(length, out.length() - taken);
        out.getChars(taken, taken + count, buffer, offset);
        taken += count;
        return count;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void take(char c) throws IOException {
        switch (state) {
            case TEXT -> takeText(c);
            case REFERENCE -> takeReference(c);
            case MARKUP -> takeMarkup(c);
        }
    }

    private void takeText(char c) {
        if (c == '<' || c == '&') {
            hold(c);
        } else if (passes(Character.isLowSurrogate(c) ? 0 : 1, 0)) { // what belongs together stays so
            out.append(c);
            chars++;
        }
    }

    private void hold(char c) {
        state = c == '<' ? State.MARKUP : State.REFERENCE;
        held.setLength(0);
        held.append(c);
        heldAll = true;
        kind = null;
        attributes = 0;
        quote = 0;
        last = c;
        lastButOne = 0;
    }

    private void release() {
        state = State.TEXT;
        held.setLength(0);
        heldAll = true;
    }

    private void takeReference(char c) {
        if (c == '<') { // not well-formed
            passHeld();
            hold(c);
            return;
        }
        held.append(c);
        heldAll = held.length() <= MOST_REFERENCE_CHARS;
        if (c == ';' || !heldAll) {
            passHeld();
            release();
        }
    }

    private void takeMarkup(char c) throws IOException {
        heldAll = heldAll && held.length() < MOST_MARKUP_CHARS;
        if (heldAll) {
            held.append(c);
        }
        if (kind == null) {
            kind = Markup.of(held);
        }
        if (kind == Markup.START_TAG) {
            takeOfStartTag(c);
        }
        if (c == '>' && quote == 0 && kind != null && isWhole()) {
            switch (kind) {
                case START_TAG -> startElement(last == '/');
                case END_TAG -> endElement();
                default -> passHeld();
            }
            release();
        }
        lastButOne = last;
        last = c;
    }

    private void takeOfStartTag(char c) {
        if (quote != 0) {
            quote = c == quote ? 0 : quote;
        } else if (c == '\'' || c == '"') {
            quote = c;
        } else if (c == '=') {
            attributes++;
        }
    }

    /** Whether a {@code >} that comes now closes what is held. */
    private boolean isWhole() {
        return held.length() >= kind.opening.length() + kind.closing.length()
                && (String.valueOf(lastButOne) + last + '>').endsWith(kind.closing);
    }

    private void passHeld() {
        if (passes(held.length(), 1)) {
            out.append(held);
            chars += held.length();
            parts++;
        }
    }

    private void startElement(boolean isEmpty) throws IOException {
        if (open == 1 && swallowing == 0) {
            beginCounting();
        }
        if (open - 1 <= Admission.MOST_DEPTH && passes(held.length(), 1 + attributes)) {
            out.append(held);
            chars += held.length();
            parts += 1 + attributes;
            open++;
            if (isEmpty) {
                left();
            }
        } else if (open == 0) {
            throw new IOException("it began the stream with a tag of more than " + MOST_MARKUP_CHARS + " characters");
        } else {
            past = past == null ? Excess.SHAPE : past;
            swallowing++;
            if (isEmpty) {
                swallowed();
            }
        }
    }

    private void endElement() {
        if (swallowing > 0) {
            swallowed();
            return;
        }
        if (open == 2 && past != null) {
            out.append(past.mark);
        }
        out.append(held);
        if (!heldAll) {
            out.append('>'); // its name is no longer than its start tag was, and white space follows
        }
        chars += held.length();
        left();
    }

    /** An element that has passed has ended. */
    private void left() {
        open = Math.max(0, open - 1);
        if (open == 1) {
            beginCounting();
        }
    }

    /** An element that is swallowed has ended. */
    private void swallowed() {
        swallowing--;
        if (swallowing == 0 && open == 1) {
            out.append(past.mark); // in place of the whole stanza
            beginCounting();
        }
    }

    /** At the beginning and the end of a stanza. */
    private void beginCounting() {
        chars = 0;
        parts = 0;
        past = null;
    }

    /** Whether there is room for so much more; where once there is none, nothing more passes. */
    private boolean passes(int moreChars, int moreParts) {
        if (swallowing > 0) {
            return false;
        }
        if (past == null) {
            if (!heldAll || chars + moreChars > mostChars) {
                past = Excess.SIZE;
            } else if (parts + moreParts > Admission.MOST_PARTS) {
                past = Excess.SHAPE;
            }
        }
        return past == null;
    }
}
