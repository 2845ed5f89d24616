package prekeeper.client.smack;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import prekeeper.wire.PrekeyMessage;

/**
 * Cuts what is to be published into publications that a server takes and XMPP servers pass on (docs/protocol.md, "Business
 * rules", Large publications). All lengths are in bytes, before base64.
 *
 * @param mostBytes of a DAKE-3 with a publication
 */
record PublicationParts(int mostBytes) {
    /** Some 62,000 characters, less than any XMPP server in use limits a stanza to. */
    static final int MOST_MESSAGES = 100;

    /** Header and identifiers of a prekey message, its point, and its MPI at its longest. */
    private static final int MESSAGE_BYTES = 11 + 57 + 4 + 384;

    /**
     * All else but the profiles: header of DAKE-3, ring signature, length; header and counts of the publication; proofs of 64
     * bytes and a scalar, twice, and of 64 bytes and an MPI; MAC.
     */
    private static final int FRAME_BYTES = 7 + 6 * 57 + 4 + 6 + 2 * (64 + 57) + (64 + 4 + 384) + 64;

    /** What stands around a message in a stanza, addresses of a usual length among it. */
    private static final int ENVELOPE_CHARS = 1_000;

    /** @param mostStanzaBytes what the XMPP server says that it takes; empty when it says nothing */
    static PublicationParts at(PrekeyServer server, OptionalInt mostStanzaBytes) {
        int byServer = server.mostPublicationBytes().orElse(Integer.MAX_VALUE);
        // four characters of base64 are three bytes
        int byStanza = mostStanzaBytes.isPresent()
                ? Math.max(1, (mostStanzaBytes.getAsInt() - ENVELOPE_CHARS) / 4 * 3)
                : Integer.MAX_VALUE;
        return new PublicationParts(Math.min(byServer, byStanza));
    }

    /**
     * Each part in its order; the first, which may be empty, leaves room for profiles. Where not even one message fits, each
     * part has one, for the server to refuse.
     *
     * @param profileBytes what stands beside the messages of the first part; 0 when no profile does
     */
    List<List<PrekeyMessage>> cut(List<PrekeyMessage> messages, int profileBytes) {
        List<List<PrekeyMessage>> parts = new ArrayList<>();
        int next = 0;
        int beside = profileBytes;
        do {
            int end = Math.min(messages.size(), next + room(beside));
            parts.add(List.copyOf(messages.subList(next, end)));
            next = end;
            beside = 0;
        } while (next < messages.size());
        return parts;
    }

    private int room(int profileBytes) {
        int fit = Math.max(1, (mostBytes - FRAME_BYTES - profileBytes) / MESSAGE_BYTES);
        return Math.min(MOST_MESSAGES, fit);
    }
}
