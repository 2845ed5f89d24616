package prekeeper.service;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.MessageType;
import prekeeper.wire.ServerHeader;

/** Counts what another handler makes of its messages, since the start. Thread-safe. */
public final class Tally implements MessageHandler {
    private final MessageHandler handler;
    private final Map<MessageType, LongAdder> answers = counters(MessageType.class);
    private final Map<Refusal, LongAdder> refusals = counters(Refusal.class);
    private final LongAdder overLimit = new LongAdder();

    public Tally(MessageHandler handler) {
        this.handler = handler;
    }

    @Override
    public Outcome handle(Peer peer, Request request, byte[] message) {
        Outcome outcome = handler.handle(peer, request, message);
        if (outcome instanceof Outcome.Reply reply) {
            answers.get(type(reply)).increment();
        } else if (outcome instanceof Outcome.Failed failed) {
            refusals.get(failed.why()).increment();
        } else if (outcome instanceof Outcome.Ignored ignored) {
            refusals.get(ignored.why()).increment();
        } else {
            overLimit.increment();
        }
        return outcome;
    }

    /** How many answers of a type were given. */
    public long answered(MessageType type) {
        return answers.get(type).sum();
    }

    /** How many messages were refused for a reason, with a Failure message or without. */
    public long refused(Refusal why) {
        return refusals.get(why).sum();
    }

    /** How many messages were over a limit. */
    public long overLimit() {
        return overLimit.sum();
    }

    private static MessageType type(Outcome.Reply reply) {
        try {
            return ServerHeader.read(reply.message()).type();
        } catch (MalformedMessageException e) {
            throw new IllegalStateException("an answer of ours that is none", e);
        }
    }

    private static <E extends Enum<E>> Map<E, LongAdder> counters(Class<E> kind) {
        Map<E, LongAdder> counters = new EnumMap<>(kind);
        for (E one : kind.getEnumConstants()) {
            counters.put(one, new LongAdder());
        }
        return counters;
    }
}
