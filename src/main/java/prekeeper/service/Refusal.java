package prekeeper.service;

/** Why a request got no, or no happy, answer. For logs, counters and carriers that can say so (the IQ binding's errors). */
public enum Refusal {
    /** Undecodable, or not what the carrier said it was. */
    MALFORMED,
    /** A protocol version other than 4. */
    UNSUPPORTED_VERSION,
    /** A profile, point, MAC, proof or ring signature is invalid. */
    INVALID,
    /** A profile is past its expiration. */
    EXPIRED,
    /** A DAKE-3 without, or after, its handshake. */
    NO_HANDSHAKE,
    PUBLISHER_NOT_ALLOWED,
    RETRIEVER_NOT_ALLOWED,
    STORE_UNAVAILABLE,
    /**
     * More devices or prekey messages than an account may have, or a publication larger than is taken. Told inside of a
     * handshake, so always by a Failure message.
     */
    QUOTA
}
