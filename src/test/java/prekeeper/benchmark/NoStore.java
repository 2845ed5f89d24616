package prekeeper.benchmark;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import prekeeper.crypto.Point;
import prekeeper.store.DeviceId;
import prekeeper.store.Ensemble;
import prekeeper.store.PrekeyStore;
import prekeeper.store.Publication;
import prekeeper.store.PublicationResult;
import prekeeper.store.Quotas;
import prekeeper.store.Take;
import prekeeper.wire.Draft;

/** Costs nothing and keeps nothing, so that what is left is the protocol; hands the same out again and again. */
public record NoStore(Publication stock) implements PrekeyStore {
    private static final int PLENTY = 100;

    @Override
    public PublicationResult publish(Publication publication, Quotas quotas, Instant now) {
        return PublicationResult.STORED;
    }

    @Override
    public int count(DeviceId device, Point longTermKey, Instant now) {
        return PLENTY;
    }

    @Override
    public List<Ensemble> takeEnsembles(Take take, Instant now) {
        return List.of(new Ensemble(
                stock.device(),
                stock.clientProfile().orElseThrow().encoded(),
                stock.prekeyProfile().orElseThrow().encoded(),
                stock.prekeyMessages().get(0).encoded(),
                PLENTY));
    }

    @Override
    public Optional<Draft> draftOf(DeviceId device, Instant now) {
        return Optional.empty();
    }

    @Override
    public Optional<Draft> latestDraft(String owner, Instant now) {
        return Optional.of(stock.draft());
    }

    @Override
    public void close() {
        // holds nothing
    }
}
