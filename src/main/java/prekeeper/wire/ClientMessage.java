package prekeeper.wire;

import prekeeper.crypto.Bytes;

/** What a client may send at top level. {@link ClientHeader} tells which one it is. */
public sealed interface ClientMessage permits Dake1, Dake3, EnsembleQuery {
    /** No message is longer: a DAKE-3 with a publication of 255 prekey messages takes 120,000 bytes. */
    int MOST_BYTES = 132 * 1024;

    /** The device that sent it, by its own account. */
    InstanceTag sender();

    /** The bytes of the message; those that it was decoded from, if it was. */
    Bytes encode();
}
