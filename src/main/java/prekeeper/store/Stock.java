package prekeeper.store;

import java.util.Map;
import java.util.OptionalLong;

/**
 * One page of devices that are handed out, by how many prekey messages they have.
 *
 * @param devices how many of the devices that were looked at have so many, counted no further than was asked
 * @param next where the following page begins; empty when this is the last one
 */
public record Stock(Map<Integer, Integer> devices, OptionalLong next) {
    public Stock {
        devices = Map.copyOf(devices);
    }
}
