package prekeeper.service;

/** What a message is meant to be where the carrier says so (the IQ binding's element), and {@link #ANY} where it does not. */
public enum Request {
    ANY,
    DAKE,
    PUBLISH,
    STATUS,
    QUERY;

    /** Whether a carrier that says this may carry a message that is {@code actual}. */
    boolean admits(Request actual) {
        return this == ANY || this == actual;
    }
}
