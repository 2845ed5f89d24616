package prekeeper.wire;

import java.math.BigInteger;

/**
 * An OTRv3 public key, which a Client Profile may carry (OTRv4, "Client Profile Data Type"). Nothing is known of its
 * numbers but their size: p, g and y have at most 3072 bits, q at most 256.
 *
 * <pre>SHORT 0 | MPI p | MPI q | MPI g | MPI y</pre>
 */
public record DsaPublicKey(BigInteger p, BigInteger q, BigInteger g, BigInteger y) {
    private static final int KEY_TYPE = 0;
    private static final int MOST_P_BYTES = 3072 / 8;
    private static final int MOST_Q_BYTES = 256 / 8;

    static DsaPublicKey read(WireReader in) throws MalformedMessageException {
        int type = in.uint16();
        if (type != KEY_TYPE) {
            throw new MalformedMessageException(String.format("key type %04x, %04x expected", type, KEY_TYPE));
        }
        return new DsaPublicKey(in.mpi(MOST_P_BYTES), in.mpi(MOST_Q_BYTES), in.mpi(MOST_P_BYTES), in.mpi(MOST_P_BYTES));
    }

    void writeTo(WireWriter out) {
        out.uint16(KEY_TYPE).mpi(p).mpi(q).mpi(g).mpi(y);
    }
}
