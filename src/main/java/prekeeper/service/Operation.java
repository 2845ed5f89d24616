package prekeeper.service;

/** What a message of a client is for. For counters. */
public enum Operation {
    HANDSHAKE,
    /** A DAKE-3 that was refused counts as one unless its carrier said that it was something else. */
    PUBLICATION,
    STATUS,
    RETRIEVAL,
    /** No message of a client at all. */
    OTHER
}
