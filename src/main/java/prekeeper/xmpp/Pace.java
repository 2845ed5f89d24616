package prekeeper.xmpp;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * When to do what on a connection. TCP tries again what was lost in a network that is cut, but after a minute it waits for up
 * to another one before it does; only what is begun anew, every few seconds, is there as soon as the network is.
 *
 * @param first pause before the second attempt to connect; each further pause is twice as long
 * @param longest no pause is longer; together with {@code connecting}, a server that is back has us back within it
 * @param afterRefusal pause after the server said no to us: only an administrator can change that
 * @param connecting how long a connection may take: TCP's second try comes after a second, its third after three
 * @param handshake how long the server may take to accept or refuse us
 * @param silence a server that sends nothing for so long is pinged; when that brings nothing for as long, it is given up
 */
record Pace(
        Duration first,
        Duration longest,
        Duration afterRefusal,
        Duration connecting,
        Duration handshake,
        Duration silence) {

    static final Pace DEFAULT = new Pace(
            Duration.ofSeconds(1),
            Duration.ofSeconds(4),
            Duration.ofSeconds(8),
            Duration.ofSeconds(3),
            Duration.ofSeconds(10),
            Duration.ofSeconds(8));

    /** The pause after {@code failures} (at least 1) failures in a row, shortened at random by up to a quarter. */
    Duration pauseAfter(int failures) {
        // 2^10 times any sensible first pause is past any sensible longest one
        Duration pause = first.multipliedBy(1L << Math.min(failures - 1, 10));
        if (pause.compareTo(longest) > 0) {
            pause = longest;
        }
        return pause.minusMillis(ThreadLocalRandom.current().nextLong(pause.toMillis() / 4 + 1));
    }
}
