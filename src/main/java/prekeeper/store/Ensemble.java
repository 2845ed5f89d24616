package prekeeper.store;

import prekeeper.crypto.Bytes;

/**
 * One device's Client Profile and Prekey Profile with the prekey message that was taken out, byte for byte as published.
 *
 * @param remaining how many prekey messages the device has left, counted no further than {@link Take#countUpTo()}
 */
public record Ensemble(DeviceId device, Bytes clientProfile, Bytes prekeyProfile, Bytes prekeyMessage, int remaining) {}
