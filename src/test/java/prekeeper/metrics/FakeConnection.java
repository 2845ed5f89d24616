package prekeeper.metrics;

import prekeeper.xmpp.ServerConnection;

/** A connection that is there when a test says so. */
final class FakeConnection implements ServerConnection {
    volatile boolean connected;

    @Override
    public void start() {}

    @Override
    public boolean isConnected() {
        return connected;
    }

    @Override
    public String status() {
        return "";
    }

    @Override
    public void close() {}
}
