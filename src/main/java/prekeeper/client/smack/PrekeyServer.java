package prekeeper.client.smack;

import java.util.EnumSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.xdata.FormField;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.jxmpp.jid.Jid;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.crypto.Bytes;
import prekeeper.crypto.Point;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/**
 * A prekey server as it tells of itself in discovery (docs/protocol.md, "Discovery"). Nothing of it is proven: what tells
 * the server from another is the key in a handshake.
 *
 * @param jid exactly the address that its answers come from
 * @param bindings what it speaks; {@link PrekeyBinding#MESSAGE} always
 * @param publicKey the key that it says it has; empty when it says none
 * @param mostPublicationBytes the largest DAKE-3 with a publication that it takes, in bytes before base64
 * @param mostPrekeyMessages how many prekey messages a device may have stored
 */
public record PrekeyServer(
        Jid jid,
        Set<PrekeyBinding> bindings,
        Optional<Point> publicKey,
        OptionalInt mostPublicationBytes,
        OptionalInt mostPrekeyMessages) {
    static final String FEATURE = "http://jabber.org/protocol/otrv4-prekey-server";

    /** Makes the bindings unmodifiable. */
    public PrekeyServer {
        bindings = Set.copyOf(bindings);
    }

    /** One that is known by its address only: nothing advertised, the message binding alone. */
    public static PrekeyServer at(Jid jid) {
        return new PrekeyServer(
                jid, Set.of(PrekeyBinding.MESSAGE), Optional.empty(), OptionalInt.empty(), OptionalInt.empty());
    }

    /** The same, spoken to over {@code binding} alone. */
    public PrekeyServer over(PrekeyBinding binding) {
        return new PrekeyServer(jid, Set.of(binding), publicKey, mostPublicationBytes, mostPrekeyMessages);
    }

    /** The binding that is used: IQ where it is spoken. */
    public PrekeyBinding binding() {
        return bindings.contains(PrekeyBinding.IQ) ? PrekeyBinding.IQ : PrekeyBinding.MESSAGE;
    }

    /** Of {@link #publicKey()}, as clients of {@code draft} compute it; all existing ones show the DEPLOYED one. */
    public Optional<Fingerprint> fingerprint(Draft draft) {
        return publicKey.map(key -> Fingerprint.of(key, draft));
    }

    /** What {@code info} says, if it is of a prekey server: its first identity decides, since existing clients read no other. */
    static Optional<PrekeyServer> read(Jid jid, DiscoverInfo info) {
        List<DiscoverInfo.Identity> identities = info.getIdentities();
        if (identities.isEmpty()
                || !identities.get(0).getCategory().equals("auth")
                || !identities.get(0).getType().equals("otr-prekey")) {
            return Optional.empty();
        }
        Set<PrekeyBinding> bindings = EnumSet.of(PrekeyBinding.MESSAGE);
        if (info.containsFeature(PrekeyIq.NAMESPACE)) {
            bindings.add(PrekeyBinding.IQ);
        }
        Optional<DataForm> form = Optional.ofNullable(DataForm.from(info, PrekeyIq.NAMESPACE));
        return Optional.of(new PrekeyServer(
                jid,
                bindings,
                text(form, "public-key").flatMap(PrekeyServer::point),
                number(form, "max-publication-bytes"),
                number(form, "max-prekey-messages")));
    }

    private static Optional<String> text(Optional<DataForm> form, String name) {
        return form.map(fields -> fields.getField(name)).map(FormField::getFirstValue);
    }

    /** A limit: what is no positive number limits nothing. */
    private static OptionalInt number(Optional<DataForm> form, String name) {
        Optional<String> text = text(form, name);
        if (text.isEmpty() || !text.get().matches("[0-9]{1,9}")) {
            return OptionalInt.empty();
        }
        int number = Integer.parseInt(text.get());
        return number > 0 ? OptionalInt.of(number) : OptionalInt.empty();
    }

    private static Optional<Point> point(String hex) {
        if (hex.length() != 2 * Point.BYTES || !hex.chars().allMatch(HexFormat::isHexDigit)) {
            return Optional.empty();
        }
        return Optional.of(new Point(Bytes.fromHex(hex.toLowerCase(Locale.ROOT))));
    }
}
