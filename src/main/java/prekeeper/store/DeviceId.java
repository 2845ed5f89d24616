package prekeeper.store;

import prekeeper.wire.InstanceTag;

/**
 * What everything is stored under: one device of one account.
 *
 * @param owner the account's bare JID, already prepared (normalised)
 * @param tag the device's instance tag
 */
public record DeviceId(String owner, InstanceTag tag) {}
