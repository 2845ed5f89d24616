package prekeeper.store;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/** Adds up a page of {@link Stock} from rows of a query. Not thread-safe. */
final class StockRows {
    private final Map<Integer, Integer> devices = new HashMap<>();
    private int looked;
    private long last;

    /** So many {@code devices} more have {@code stored} prekey messages; {@code id} is the highest of theirs. */
    void add(int stored, int more, long id) {
        devices.merge(stored, more, Integer::sum);
        looked += more;
        last = Math.max(last, id);
    }

    /** The page, of at most {@code most} devices. */
    Stock page(int most) {
        return new Stock(devices, looked < most ? OptionalLong.empty() : OptionalLong.of(last));
    }
}
