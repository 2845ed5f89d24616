package prekeeper.crypto;

/**
 * A signature of a {@link Ring} (RING-SIG), as it came.
 *
 * @param encoded six scalars c1 r1 c2 r2 c3 r3, each of {@link Suite#scalarBytes()}; not necessarily reduced
 */
public record RingSignature(Bytes encoded) {

    /** Length of an encoded RING-SIG. */
    public static int bytes(Suite suite) {
        return 6 * suite.scalarBytes();
    }
}
