package prekeeper.xmpp;

import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Which ad-hoc commands there are, and for whom.
 *
 * @param administrators prepared bare JIDs
 * @param commands makes them, with a way to tell owners of low stock
 */
public record Administration(Set<String> administrators, Function<LowStockTeller, List<Command>> commands) {

    /** No commands, for nobody. */
    public static final Administration NONE = new Administration(Set.of(), teller -> List.of());
}
