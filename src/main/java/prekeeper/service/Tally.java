package prekeeper.service;

import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.stream.Stream;
import prekeeper.crypto.Bytes;
import prekeeper.wire.ClientHeader;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.MessageType;
import prekeeper.wire.ServerHeader;

/** Counts what another handler makes of its messages, since the start. Thread-safe. */
public final class Tally implements MessageHandler {
    private final MessageHandler handler;
    private final Map<MessageType, LongAdder> answers = counters(MessageType.class);
    private final Map<Operation, Map<Refusal, LongAdder>> refusals = new EnumMap<>(Operation.class);
    private final Map<Operation, LongAdder> overLimit = counters(Operation.class);

    public Tally(MessageHandler handler) {
        this.handler = handler;
        for (Operation operation : Operation.values()) {
            refusals.put(operation, counters(Refusal.class));
        }
    }

    @Override
    public Outcome handle(Peer peer, Request request, byte[] message) {
        Outcome outcome = handler.handle(peer, request, message);
        if (outcome instanceof Outcome.Reply reply) {
            answers.get(type(reply)).increment();
        } else if (outcome instanceof Outcome.Failed failed) {
            refusals.get(operation(request, message)).get(failed.why()).increment();
        } else if (outcome instanceof Outcome.Ignored ignored) {
            refusals.get(operation(request, message)).get(ignored.why()).increment();
        } else {
            overLimit.get(operation(request, message)).increment();
        }
        return outcome;
    }

    /** How many answers of a type were given. */
    public long answered(MessageType type) {
        return answers.get(type).sum();
    }

    /** How many messages were refused for a reason, with a Failure message or without. */
    public long refused(Refusal why) {
        return Stream.of(Operation.values())
                .mapToLong(operation -> refused(operation, why))
                .sum();
    }

    /** The same of one kind of messages. */
    public long refused(Operation operation, Refusal why) {
        return refusals.get(operation).get(why).sum();
    }

    /** How many messages were over a limit. */
    public long overLimit() {
        return Stream.of(Operation.values()).mapToLong(this::overLimit).sum();
    }

    /** The same of one kind of messages. */
    public long overLimit(Operation operation) {
        return overLimit.get(operation).sum();
    }

    private static Operation operation(Request request, byte[] message) {
        try {
            return switch (ClientHeader.read(Bytes.of(message)).type()) {
                case DAKE_1 -> Operation.HANDSHAKE;
                case DAKE_3 -> request == Request.STATUS ? Operation.STATUS : Operation.PUBLICATION;
                case ENSEMBLE_QUERY -> Operation.RETRIEVAL;
                default -> Operation.OTHER;
            };
        } catch (MalformedMessageException e) {
            return Operation.OTHER;
        }
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
