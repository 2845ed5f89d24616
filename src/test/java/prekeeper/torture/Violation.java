package prekeeper.torture;

/**
 * A promise of the store that was broken.
 *
 * @param what in one line: which prekey message, and where in the logs
 */
record Violation(Kind kind, String what) {

    enum Kind {
        /** Two takers have the same prekey message. */
        HANDED_OUT_TWICE,
        /** Acknowledged, and neither handed out nor stored, nor can an unanswered query have taken it. */
        LOST,
        /** Handed out, though Failure said of every publication of it that nothing was stored. */
        REFUSED_YET_STORED,
        /** Handed out with other bytes than it was published with. */
        ALTERED,
        /** Handed out, and nobody ever published it. */
        INVENTED
    }
}
