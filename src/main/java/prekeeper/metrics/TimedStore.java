package prekeeper.metrics;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Timer;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import prekeeper.crypto.Point;
import prekeeper.store.DeviceId;
import prekeeper.store.Ensemble;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.PublicationResult;
import prekeeper.store.Quotas;
import prekeeper.store.StorageException;
import prekeeper.store.Take;
import prekeeper.wire.Draft;

/** Measures how long a store takes for what clients wait for. */
final class TimedStore implements PrekeyStore {
    private final PrekeyStore store;
    private final Measure publish;
    private final Measure take;
    private final Measure count;

    private record Measure(Timer time, Counter failures) {
        <T> T around(Supplier<T> call) {
            long begin = System.nanoTime();
            try {
                return call.get();
            } catch (StorageException failed) {
                failures.increment();
                throw failed;
            } finally {
                time.record(System.nanoTime() - begin, TimeUnit.NANOSECONDS);
            }
        }
    }

    TimedStore(PrekeyStore store, Meters meters) {
        this.store = store;
        publish = measure(meters, "publish");
        take = measure(meters, "take");
        count = measure(meters, "count");
    }

    private static Measure measure(Meters meters, String operation) {
        return new Measure(meters.store(operation), meters.storeFailures(operation));
    }

    @Override
    public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
        return publish.around(() -> store.publish(publication, quotas, now));
    }

    @Override
    public int count(DeviceId device, Point longTermKey, Instant now) {
        return count.around(() -> store.count(device, longTermKey, now));
    }

    @Override
    public List<Ensemble> takeEnsembles(Take wanted, Instant now) {
        return take.around(() -> store.takeEnsembles(wanted, now));
    }

    @Override
    public Optional<Draft> draftOf(DeviceId device, Instant now) {
        return store.draftOf(device, now);
    }

    @Override
    public Optional<Draft> latestDraft(String owner, Instant now) {
        return store.latestDraft(owner, now);
    }

    @Override
    public void close() {
        store.close();
    }
}
