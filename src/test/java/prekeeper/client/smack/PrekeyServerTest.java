package prekeeper.client.smack;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.SecureRandom;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.jivesoftware.smackx.disco.packet.DiscoverInfo;
import org.jivesoftware.smackx.disco.packet.DiscoverInfoBuilder;
import org.jivesoftware.smackx.xdata.FormField;
import org.jivesoftware.smackx.xdata.packet.DataForm;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.jxmpp.jid.Jid;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.client.smack.element.PrekeyIq;
import prekeeper.crypto.Ed448KeyPair;
import prekeeper.crypto.Point;
import prekeeper.wire.CompositeIdentity;
import prekeeper.wire.Draft;
import prekeeper.wire.Fingerprint;

/** What discovery tells of a server, and whose key is trusted. */
class PrekeyServerTest {
    private static final Jid JID = JidCreate.domainBareFromOrThrowUnchecked("prekey.example.org");
    private static final Point KEY =
            Ed448KeyPair.generate(new SecureRandom()).publicKey().point();

    @Test
    void theFormTellsKeyAndLimitsAndTheFeatureTheBinding() {
        DiscoverInfo info = info("auth", "otr-prekey")
                .addFeature(PrekeyIq.NAMESPACE)
                .addExtension(form(KEY.encoded().toHex(), "65536"))
                .build();
        PrekeyServer server = PrekeyServer.read(JID, info).orElseThrow();
        assertEquals(PrekeyBinding.IQ, server.binding());
        assertEquals(Optional.of(KEY), server.publicKey());
        assertEquals(Optional.of(Fingerprint.of(KEY, Draft.DEPLOYED)), server.fingerprint(Draft.DEPLOYED));
        assertEquals(OptionalInt.of(65536), server.mostPublicationBytes());
    }

    @Test
    void withoutTheFeatureTheMessageBindingIsUsed() {
        PrekeyServer server =
                PrekeyServer.read(JID, info("auth", "otr-prekey").build()).orElseThrow();
        assertEquals(Set.of(PrekeyBinding.MESSAGE), server.bindings());
        assertEquals(PrekeyServer.at(JID), server);
    }

    @Test
    void onlyTheFirstIdentityCounts() {
        assertEquals(
                Optional.empty(),
                PrekeyServer.read(
                        JID,
                        info("pubsub", "pep")
                                .addIdentity(identity("auth", "otr-prekey"))
                                .build()));
        assertEquals(
                Optional.empty(),
                PrekeyServer.read(JID, DiscoverInfo.builder("1").build()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-1", "0", "+1", "1e3", "99999999999"})
    void aLimitThatIsNoneLimitsNothingAndAKeyThatIsNoneIsNone(String text) {
        DiscoverInfo info =
                info("auth", "otr-prekey").addExtension(form(text, text)).build();
        PrekeyServer server = PrekeyServer.read(JID, info).orElseThrow();
        assertEquals(OptionalInt.empty(), server.mostPublicationBytes());
        assertEquals(Optional.empty(), server.publicKey());
    }

    @Test
    void aPinnedFingerprintOfEitherDraftTrustsItsKeyAlone() {
        Point other = Ed448KeyPair.generate(new SecureRandom()).publicKey().point();
        for (Draft draft : Draft.values()) {
            ServerTrust trust = ServerTrust.pinned(Fingerprint.of(KEY, draft));
            assertEquals(true, trust.trusts(new CompositeIdentity("prekey.example.org", KEY)));
            assertEquals(false, trust.trusts(new CompositeIdentity("prekey.example.org", other)));
        }
    }

    private static DiscoverInfoBuilder info(String category, String type) {
        return DiscoverInfo.builder("1").addIdentity(identity(category, type));
    }

    private static DiscoverInfo.Identity identity(String category, String type) {
        return new DiscoverInfo.Identity(category, "x", type);
    }

    private static DataForm form(String key, String limit) {
        return DataForm.builder(DataForm.Type.result)
                .setFormType(PrekeyIq.NAMESPACE)
                .addField(
                        FormField.textSingleBuilder("public-key").setValue(key).build())
                .addField(FormField.textSingleBuilder("max-publication-bytes")
                        .setValue(limit)
                        .build())
                .build();
    }
}
