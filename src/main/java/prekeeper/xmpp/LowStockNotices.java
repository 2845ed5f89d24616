package prekeeper.xmpp;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.time.InstantSource;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.dom4j.Element;
import org.xmpp.packet.JID;
import org.xmpp.packet.Message;
import org.xmpp.packet.Packet;
import prekeeper.service.LowStock;
import prekeeper.service.MessageHandler;
import prekeeper.service.Outcome;
import prekeeper.service.Peer;
import prekeeper.service.Request;
import prekeeper.store.DeviceId;

/**
 * Tells owners whose devices run out of prekey messages (docs/protocol.md, "Low stock"): a headline to the bare JID, at most one
 * an hour a device. Who was told is forgotten with the process, and the longest ago when there are very many. Thread-safe.
 */
final class LowStockNotices implements MessageHandler, LowStockTeller {
    static final Duration QUIET = Duration.ofHours(1);
    private static final int MOST = 50_000;

    private final MessageHandler handler;
    private final JID component;
    private final LiveLimits limits;
    private final Consumer<Packet> out;
    private final Cache<DeviceId, Boolean> told;

    /**
     * Tells of what {@code handler}'s replies leave low.
     *
     * @param out sends a stanza
     */
    LowStockNotices(
            MessageHandler handler, JID component, LiveLimits limits, InstantSource clock, Consumer<Packet> out) {
        this.handler = handler;
        this.component = component;
        this.limits = limits;
        this.out = out;
        told = Caffeine.newBuilder()
                .maximumSize(MOST)
                .expireAfterWrite(QUIET)
                .ticker(() -> TimeUnit.MILLISECONDS.toNanos(clock.millis()))
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Outcome handle(Peer peer, Request request, byte[] message) {
        Outcome outcome = handler.handle(peer, request, message);
        if (outcome instanceof Outcome.Reply reply && limits.current().announceLowStock()) {
            reply.lowStock().forEach(this::tell);
        }
        return outcome;
    }

    @Override
    public boolean tell(LowStock low) {
        boolean news = told.asMap().putIfAbsent(new DeviceId(low.account(), low.tag()), true) == null;
        if (news) {
            out.accept(notice(low));
        }
        return news;
    }

    private Message notice(LowStock low) {
        Message notice = new Message();
        notice.setType(Message.Type.headline);
        notice.setFrom(component);
        notice.setTo(low.account());
        notice.setID(UUID.randomUUID().toString());
        Element element = notice.addChildElement("low", IqBinding.NAMESPACE);
        element.addAttribute("instance-tag", low.tag().toString());
        element.addAttribute("remaining", Integer.toString(low.remaining()));
        return notice;
    }
}
