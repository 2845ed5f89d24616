package prekeeper.xmpp;

import prekeeper.crypto.Bytes;
import prekeeper.service.Peer;
import prekeeper.wire.Armour;
import prekeeper.wire.Fragment;
import prekeeper.wire.MalformedMessageException;
import prekeeper.wire.TooLargeException;

/** Takes messages out of the text that either binding carries, fragments included. Thread-safe. */
final class Unpacker {
    private final int mostBytes;
    private final Reassembly reassembly;

    /** What a text held. */
    sealed interface Unpacked {
        /** A whole message, encoded. */
        record Message(Bytes encoded) implements Unpacked {}

        /** A fragment of a message whose others are missing. */
        record Incomplete() implements Unpacked {}

        /** A fragment that there is no room for. */
        record NoRoom() implements Unpacked {}
    }

    /** @param mostBytes of a message, before base64 */
    Unpacker(int mostBytes, Reassembly reassembly) {
        this.mostBytes = mostBytes;
        this.reassembly = reassembly;
    }

    /** @throws TooLargeException when the message is larger than is taken */
    Unpacked unpack(Peer peer, String text) throws MalformedMessageException {
        if (!Fragment.isFragment(text)) {
            return new Unpacked.Message(Armour.decode(text, mostBytes));
        }
        Reassembly.Result result = reassembly.add(peer, Fragment.parse(text));
        if (result instanceof Reassembly.Result.Whole whole) {
            return new Unpacked.Message(Armour.decode(whole.text(), mostBytes));
        }
        return result instanceof Reassembly.Result.Kept ? new Unpacked.Incomplete() : new Unpacked.NoRoom();
    }
}
