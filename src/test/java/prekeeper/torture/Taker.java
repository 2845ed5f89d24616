package prekeeper.torture;

import java.io.IOException;
import java.util.List;
import java.util.stream.Stream;
import prekeeper.torture.LogLine.Event;
import prekeeper.wire.Draft;
import prekeeper.wire.EnsembleQuery;
import prekeeper.wire.EnsembleRetrieval;
import prekeeper.wire.InstanceTag;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.NoPrekeyEnsembles;
import prekeeper.wire.ServerMessage;

/** Asks for ensembles, and keeps what it gets. */
final class Taker implements AutoCloseable {
    private static final InstanceTag TAG = new InstanceTag(0x1234);

    private final ComponentRouter router;
    private final String address;
    private final ClientLog log;

    /** @param address full JID */
    Taker(ComponentRouter router, String address, ClientLog log) {
        this.router = router;
        this.address = address;
        this.log = log;
    }

    /**
     * Asks {@code server} for the ensembles of an account.
     *
     * @param draft that the account's devices speak
     * @return how it ended: {@link Event#TAKEN}, {@link Event#UNASKED} or {@link Event#UNANSWERED}
     */
    Taking take(String server, String account, Draft draft) throws MalformedMessageException {
        log.begin(Event.ASK, List.of(account));
        Reply reply = router.request(address, server, "query", new EnsembleQuery(TAG, account, "4").encode());
        Taking taking = reply instanceof Reply.Result result
                ? new Taking(Event.TAKEN, prekeys(account, ServerMessage.decode(result.message(), draft)))
                : new Taking(isUnasked(reply) ? Event.UNASKED : Event.UNANSWERED, List.of());
        log.end(taking.end(), taking.prekeys());
        return taking;
    }

    /** @param prekeys as they stand in the log */
    record Taking(Event end, List<String> prekeys) {}

    private static List<String> prekeys(String account, ServerMessage answer) {
        if (answer instanceof NoPrekeyEnsembles) {
            return List.of();
        }
        return Stream.of((EnsembleRetrieval) answer)
                .flatMap(retrieval -> retrieval.ensembles().stream())
                .map(ensemble -> Prekey.of(account, ensemble.prekeyMessage()).written())
                .toList();
    }

    /** The server is busy and has not let it in, or was not there. */
    private static boolean isUnasked(Reply reply) {
        return reply instanceof Reply.Unsent
                || (reply instanceof Reply.Refused refused
                        && refused.condition().equals("resource-constraint"));
    }

    @Override
    public void close() throws IOException {
        log.close();
    }
}
