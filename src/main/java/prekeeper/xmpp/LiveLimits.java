package prekeeper.xmpp;

import prekeeper.service.StockLimits;

/** The limits in force. They come from the configuration, and an administrator may change them until the next start. Thread-safe. */
public final class LiveLimits {
    private volatile Limits current;

    public LiveLimits(Limits configured) {
        current = configured;
    }

    public Limits current() {
        return current;
    }

    /** Puts other limits in force; who has used a changed rate before begins anew. */
    public void change(Limits limits) {
        current = limits;
    }

    /** The part that the service needs. */
    public StockLimits stock() {
        return current.stock();
    }
}
