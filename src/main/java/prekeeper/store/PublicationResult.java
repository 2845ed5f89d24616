package prekeeper.store;

/** What became of a publication. Unless it was stored, nothing of it was. */
public enum PublicationResult {
    STORED,
    /** Its device would be one more than its account may have. */
    TOO_MANY_DEVICES,
    /** Its device would have more prekey messages than it may. */
    TOO_MANY_PREKEY_MESSAGES
}
