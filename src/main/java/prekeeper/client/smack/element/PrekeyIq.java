package prekeeper.client.smack.element;

import java.util.Locale;
import java.util.Optional;
import org.jivesoftware.smack.packet.IQ;

/** An element of the IQ binding, in a request or its result (docs/protocol.md, "IQ binding"). */
public final class PrekeyIq extends IQ {
    /** Of the elements of the binding; also the feature that announces it. */
    public static final String NAMESPACE = "prekeeper:otrv4-prekey:0";

    /** What a request asks. */
    public enum Request {
        /** DAKE-1, which DAKE-2 answers. */
        DAKE,
        /** DAKE-3 with a publication, which Success or Failure answers. */
        PUBLISH,
        /** DAKE-3 with a Storage Information Request, which Storage Status or Failure answers. */
        STATUS,
        /** An Ensemble Query. */
        QUERY;

        /** The name of its element. */
        public String element() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private final Optional<String> id;
    private final String text;

    /** A request, of type {@code set} as all of them are, with {@code text}, which is armoured. */
    public PrekeyIq(Request request, String text) {
        this(request.element(), Optional.empty(), text);
        setType(Type.set);
    }

    /** A query that may be repeated for ten minutes: the same {@code id} and text get the same answer. */
    public static PrekeyIq query(String id, String text) {
        PrekeyIq query = new PrekeyIq(Request.QUERY.element(), Optional.of(id), text);
        query.setType(Type.set);
        return query;
    }

    /** As it was parsed; nothing of it is checked. */
    public static PrekeyIq parsed(Request request, String text) {
        return new PrekeyIq(request.element(), Optional.empty(), text);
    }

    private PrekeyIq(String element, Optional<String> id, String text) {
        super(element, NAMESPACE);
        this.id = id;
        this.text = text;
    }

    /** A message in its armour, or whatever a peer wrote there. */
    public String text() {
        return text;
    }

    @Override
    protected IQChildElementXmlStringBuilder getIQChildElementBuilder(IQChildElementXmlStringBuilder xml) {
        id.ifPresent(value -> xml.attribute("id", value));
        xml.rightAngleBracket();
        xml.escape(text);
        return xml;
    }
}
