package prekeeper.it;

import java.util.Map;
import java.util.UUID;

/** The two ways of a prekey message over XMPP (docs/protocol.md, "Over XMPP"). */
public enum Binding {
    MESSAGE {
        @Override
        String exchange(XmppUser user, String server, String element, String text) {
            return user.ask(server, text);
        }
    },
    IQ {
        @Override
        String exchange(XmppUser user, String server, String element, String text) {
            Map<String, String> attributes =
                    element.equals("query") ? Map.of("id", UUID.randomUUID().toString()) : Map.of();
            IqAnswer answer = user.request(server, element, attributes, text);
            if (answer instanceof IqAnswer.Result result && result.element().equals(element)) {
                return result.text();
            }
            throw new AssertionError(element + " to " + server + " was answered with " + answer);
        }
    };

    /** Sends armoured {@code text} and returns the armoured answer; {@code element} is what it stands in, in an IQ. */
    abstract String exchange(XmppUser user, String server, String element, String text);
}
