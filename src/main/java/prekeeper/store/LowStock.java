package prekeeper.store;

import java.util.List;
import java.util.OptionalLong;

/**
 * One page of devices that have few prekey messages.
 *
 * @param devices those among the devices that were looked at
 * @param next where the following page begins; empty when this is the last one
 */
public record LowStock(List<Device> devices, OptionalLong next) {
    public LowStock {
        devices = List.copyOf(devices);
    }

    /** A device and how many prekey messages it has. */
    public record Device(DeviceId device, int remaining) {}
}
