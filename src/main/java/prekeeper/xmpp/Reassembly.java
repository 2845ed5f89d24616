package prekeeper.xmpp;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import prekeeper.service.Peer;
import prekeeper.wire.Fragment;
import prekeeper.wire.MalformedMessageException;

/**
 * Puts messages together that come in fragments (docs/protocol.md, "Fragments"): by full JID and identifier, in any order,
 * within two minutes. What one account and all together may have open is bounded, by number and by size. Thread-safe.
 */
final class Reassembly {
    static final Duration TIME_LIMIT = Duration.ofMinutes(2);
    /** When there may be room again. */
    static final Duration RETRY = Duration.ofSeconds(30);

    static final int MOST_OPEN = 200;
    static final int MOST_OPEN_OF_ACCOUNT = 8;
    static final int MOST_CHARS = 4_000_000;
    /** Two of the largest messages, cut into some thousand pieces each. */
    static final int MOST_CHARS_OF_ACCOUNT = 500_000;
    /** What a piece takes beside its characters, so that many small ones are no way around the bounds. */
    static final int PIECE_OVERHEAD = 100;

    private final InstantSource clock;
    /** In the order in which they were begun, so the one that ends next is first. */
    private final Map<Key, Open> open = new LinkedHashMap<>();

    private final Map<String, Use> accounts = new HashMap<>();
    private final Use all = new Use();

    private record Key(String address, int id) {}

    /** What is open, of one account or of all. */
    private static final class Use {
        int messages;
        int chars;

        boolean hasRoom(int mostMessages, int mostChars, boolean begins, int more) {
            return messages + (begins ? 1 : 0) <= mostMessages && chars + more <= mostChars;
        }
    }

    private record Open(String account, Instant end, TreeMap<Integer, Fragment> pieces) {
        int chars() {
            return pieces.values().stream().mapToInt(Reassembly::chars).sum();
        }
    }

    /** What became of a fragment. */
    sealed interface Result {
        /** It was the last one that was missing: the whole text. */
        record Whole(String text) implements Result {}

        /** Others are missing. */
        record Kept() implements Result {}

        /** There is no room for it. */
        record NoRoom() implements Result {}
    }

    Reassembly(InstantSource clock) {
        this.clock = clock;
    }

    /**
     * Takes one fragment. One that is there already is ignored; one that contradicts those that are there (another total) ends
     * their message.
     */
    synchronized Result add(Peer peer, Fragment fragment) throws MalformedMessageException {
        forgetLate();
        Key key = new Key(peer.address(), fragment.id());
        Open message = open.get(key);
        if (message != null) {
            try {
                message.pieces.firstEntry().getValue().expectSameMessage(fragment);
            } catch (MalformedMessageException e) {
                forget(key);
                throw e;
            }
            if (message.pieces.containsKey(fragment.index())) {
                return new Result.Kept();
            }
        }
        if (fragment.total() == 1) {
            return new Result.Whole(fragment.piece());
        }
        if (!hasRoom(peer.account(), message == null, chars(fragment))) {
            return new Result.NoRoom();
        }
        return keep(key, peer.account(), fragment);
    }

    private boolean hasRoom(String account, boolean begins, int more) {
        return all.hasRoom(MOST_OPEN, MOST_CHARS, begins, more)
                && Optional.ofNullable(accounts.get(account))
                        .orElseGet(Use::new)
                        .hasRoom(MOST_OPEN_OF_ACCOUNT, MOST_CHARS_OF_ACCOUNT, begins, more);
    }

    private Result keep(Key key, String account, Fragment fragment) throws MalformedMessageException {
        Open message = open.get(key);
        if (message == null) {
            message = new Open(account, clock.instant().plus(TIME_LIMIT), new TreeMap<>());
            open.put(key, message);
            count(account, 1, 0);
        }
        message.pieces.put(fragment.index(), fragment);
        count(account, 0, chars(fragment));
        if (message.pieces.size() < fragment.total()) {
            return new Result.Kept();
        }
        forget(key);
        return new Result.Whole(Fragment.join(message.pieces.values()));
    }

    private void forgetLate() {
        Instant now = clock.instant();
        Iterator<Map.Entry<Key, Open>> oldest = open.entrySet().iterator();
        while (oldest.hasNext()) {
            Open message = oldest.next().getValue();
            if (message.end.isAfter(now)) {
                return;
            }
            oldest.remove();
            count(message.account, -1, -message.chars());
        }
    }

    private void forget(Key key) {
        Open message = open.remove(key);
        count(message.account, -1, -message.chars());
    }

    private void count(String account, int messages, int chars) {
        Use use = accounts.computeIfAbsent(account, any -> new Use());
        for (Use one : new Use[] {use, all}) {
            one.messages += messages;
            one.chars += chars;
        }
        if (use.messages == 0) {
            accounts.remove(account);
        }
    }

    private static int chars(Fragment fragment) {
        return fragment.piece().length() + PIECE_OVERHEAD;
    }
}
