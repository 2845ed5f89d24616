package prekeeper.metrics;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.InstantSource;
import prekeeper.service.Tally;
import prekeeper.store.Inventory;
import prekeeper.store.PrekeyStore;
import prekeeper.xmpp.LiveLimits;
import prekeeper.xmpp.ServerConnection;
import prekeeper.xmpp.WorkInFlight;

/** Monitoring of one server: its meters, whether it is ready, and the endpoint where both are asked for. Thread-safe. */
public final class Monitor implements AutoCloseable {
    private final Meters meters;
    private final Readiness readiness = new Readiness();
    private final Endpoint endpoint;

    private Monitor(InetSocketAddress address, String version) throws IOException {
        meters = new Meters(version);
        try {
            endpoint = Endpoint.open(address, meters::scrape, readiness::ask);
        } catch (IOException | RuntimeException failed) {
            meters.close();
            readiness.close();
            throw failed;
        }
    }

    /**
     * Opens the endpoint. It answers at once, and is not ready before {@link #watch}.
     *
     * @param address a free one; port 0 stands for any
     * @param version of the server
     * @throws IOException when nobody can listen there
     */
    public static Monitor open(InetSocketAddress address, String version) throws IOException {
        return new Monitor(address, version);
    }

    /** Where it listens. */
    public InetSocketAddress address() {
        return endpoint.address();
    }

    /** {@code store}, with how long its answers take measured. */
    public PrekeyStore timed(PrekeyStore store) {
        return new TimedStore(store, meters);
    }

    /**
     * Shows a server, which has started.
     *
     * @return counts its stock in the background until it is closed, which is to be before the store is
     */
    public AutoCloseable watch(
            Tally tally,
            LiveLimits limits,
            WorkInFlight work,
            ServerConnection connection,
            Inventory inventory,
            InstantSource clock) {
        StockCounter stock = new StockCounter(inventory, clock);
        meters.bind(tally, limits, work, connection, stock);
        readiness.of(connection, inventory);
        stock.start();
        return stock;
    }

    @Override
    public void close() {
        endpoint.close();
        readiness.close();
        meters.close();
    }
}
