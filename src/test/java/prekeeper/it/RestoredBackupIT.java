package prekeeper.it;

import static java.nio.file.StandardCopyOption.REPLACE_EXISTING;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jivesoftware.smack.StanzaCollector;
import org.jivesoftware.smack.filter.AndFilter;
import org.jivesoftware.smack.filter.FromMatchesFilter;
import org.jivesoftware.smack.filter.MessageTypeFilter;
import org.jivesoftware.smack.packet.Message;
import org.junit.jupiter.api.Test;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.PublisherSession.Answer;
import prekeeper.wire.Draft;
import prekeeper.wire.InstanceTag;

/** Somebody copies an old database file back, and does not tell the server; and then forgets the identity key. */
class RestoredBackupIT {
    private static final InstanceTag BOBS_TAG = new InstanceTag(0xB0B0);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String STATUS = "<iq type='set' id='status' to='" + XmppServer.COMPONENT + "'>"
            + "<command xmlns='http://jabber.org/protocol/commands' node='prekeeper:admin#status'/></iq>";

    private final SecureRandom random = new SecureRandom();

    @Test
    void nothingOfAnOldDatabaseIsHandedOutAndAdministratorsAreTold() throws Exception {
        try (Scratch scratch = Scratch.create()) {
            XmppServer xmpp = PrivateProsody.start(scratch);
            RunningPrekeeper prekeeper = RunningPrekeeper.start(scratch, xmpp);
            Path database = scratch.folder().resolve("prekeys.mv.db");
            Path old = scratch.folder().resolve("old");
            PrekeyDevice phone = PrekeyDevice.generate(
                    Draft.SPEC, new InstanceTag(0x1000), Instant.now().plus(Duration.ofDays(1)), random);
            try (XmppUser alice = XmppUser.login(xmpp, xmpp.register("alice", XmppServer.HOST), "phone");
                    XmppUser bob = XmppUser.login(xmpp, xmpp.register("bob", XmppServer.HOST), "tablet");
                    XmppUser admin = XmppUser.login(xmpp, prekeeper.admin(), "desk");
                    StanzaCollector notices = admin.connection()
                            .createStanzaCollector(new AndFilter(
                                    FromMatchesFilter.createFull(JidCreate.from(XmppServer.COMPONENT)),
                                    MessageTypeFilter.CHAT))) {
                PrekeyClient publisher = client(alice);
                PrekeyClient retriever = client(bob);
                assertEquals(new Answer.Stored(), publisher.publish(phone, phone.newPrekeyMessages(3, random)));
                prekeeper.stop();
                Files.copy(database, old);
                prekeeper.start();
                assertEquals(
                        1,
                        retriever
                                .retrieve(BOBS_TAG, alice.bareJid(), Draft.SPEC)
                                .size());
                prekeeper.stop();
                Files.copy(old, database, REPLACE_EXISTING);

                prekeeper.start();
                Message notice = notices.nextResult(PATIENCE.toMillis());
                assertNotNull(notice, prekeeper::log);
                String text = notice.getBody();
                assertTrue(text.contains("all 3 prekey messages in it are marked as spent"), text);
                assertEquals(List.of(), retriever.retrieve(BOBS_TAG, alice.bareJid(), Draft.SPEC));
                assertEquals(new Answer.Count(0), publisher.status(phone));
                String status = admin.exchange("status", STATUS).toXML().toString();
                assertTrue(status.contains("are marked as spent"), status);

                assertEquals(new Answer.Stored(), publisher.publish(phone, phone.newPrekeyMessages(1, random)));
                assertEquals(
                        1,
                        retriever
                                .retrieve(BOBS_TAG, alice.bareJid(), Draft.SPEC)
                                .size());
                assertTrue(notices.pollResult() == null, "told once");

                prekeeper.stop();
                Files.delete(scratch.folder().resolve("identity.key"));
                prekeeper.start();
                Message ofKey = notices.nextResult(PATIENCE.toMillis());
                assertNotNull(ofKey, prekeeper::log);
                assertTrue(ofKey.getBody().contains("for a database that has devices already"), ofKey.getBody());
            }
        }
    }

    private PrekeyClient client(XmppUser user) {
        return new PrekeyClient(user, XmppServer.COMPONENT, Binding.IQ, random);
    }
}
