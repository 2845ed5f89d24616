package prekeeper.app;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import prekeeper.store.Contents;

/**
 * The names in an export: lines of JSON, one object each, of which the first field tells the kind (docs/operations.md,
 * "The format of an export"). Files of it are kept, so a change that older ones do not survive gets another version.
 */
final class ExportFormat {
    static final String FORMAT = "format";
    static final String NAME = "prekeeper-store";
    static final String VERSION = "version";
    static final int CURRENT_VERSION = 1;
    static final String ENGINE = "engine";
    static final String AT = "at";

    static final String BLOCKED = "blocked";
    static final String SINCE = "since";

    static final String TAKINGS = "takings";
    static final String MARK = "mark";
    static final String FORGIVEN = "forgiven";

    static final String DEVICE = "device";
    static final String TAG = "tag";
    static final String KEY = "key";
    static final String EXPIRES = "expires";
    static final String CLIENT_PROFILE = "client-profile";
    static final String PREKEY_PROFILE = "prekey-profile";
    static final String ENCODED = "encoded";
    static final String DRAFT = "draft";
    static final String VERSIONS = "versions";
    static final String PUBLISHED = "published";
    static final String NEXT = "next";

    static final String MESSAGE = "message";
    static final String SEQUENCE = "sequence";

    static final String IDENTIFIERS = "identifiers";

    /** The last line: SHA-256 of all bytes before it, and how many there are of each kind. */
    static final String END = "end";

    static final String DEVICES = "devices";
    static final String MESSAGES = "messages";

    /** Two profiles of the largest size in base64, with room for the rest. */
    static final int LONGEST_LINE_BYTES = 262_144;

    static final int MOST_IDENTIFIERS = Contents.IDENTIFIERS_AT_ONCE;

    private ExportFormat() {}

    static MessageDigest digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
