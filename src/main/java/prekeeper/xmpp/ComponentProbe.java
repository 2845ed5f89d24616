package prekeeper.xmpp;

import java.io.IOException;
import java.net.InetAddress;

/** Tries whether an XMPP server takes a component with its secret, and goes again: for finding out why one is not connected. */
public final class ComponentProbe {

    private ComponentProbe() {}

    /** What the XMPP server says to a component. */
    public enum Answer {
        /** It took it, so nobody was connected by that name, or it takes several. */
        ACCEPTED,
        /** The secret is another one. */
        REFUSED_SECRET,
        /** No component of that name is configured. */
        UNKNOWN_NAME,
        /** One of that name is connected. */
        CONNECTED_ALREADY,
        /** Nothing answers at the component port, or nothing that is one. */
        NO_ANSWER
    }

    /**
     * Connects as {@code settings} say, for a moment: stanzas that come meanwhile are lost, so ask only where nothing is connected.
     * Takes up to 13 seconds.
     */
    public static Answer ask(ConnectionSettings settings) {
        try (ComponentStream stream = new ComponentStream(settings, Pace.DEFAULT)) {
            stream.connect(InetAddress.getByName(settings.host()));
            stream.authenticate();
            return Answer.ACCEPTED;
        } catch (StreamErrorException e) {
            return switch (e.condition()) {
                case "not-authorized" -> Answer.REFUSED_SECRET;
                case "host-unknown" -> Answer.UNKNOWN_NAME;
                case "conflict" -> Answer.CONNECTED_ALREADY;
                default -> Answer.NO_ANSWER;
            };
        } catch (IOException e) {
            return Answer.NO_ANSWER;
        }
    }
}
