package prekeeper.store;

import prekeeper.crypto.Bytes;

/** One device's Client Profile and Prekey Profile with the prekey message that was taken out, byte for byte as published. */
public record Ensemble(DeviceId device, Bytes clientProfile, Bytes prekeyProfile, Bytes prekeyMessage) {}
