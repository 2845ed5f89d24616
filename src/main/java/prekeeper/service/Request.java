package prekeeper.service;

/** What a message is meant to be where the carrier says so (the IQ binding's element), and {@link #ANY} where it does not. */
public enum Request {
    ANY,
    DAKE,
    PUBLISH,
    STATUS,
    QUERY
}
