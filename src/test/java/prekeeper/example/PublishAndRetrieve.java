package prekeeper.example;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jivesoftware.smack.XMPPConnection;
import org.jivesoftware.smack.tcp.XMPPTCPConnection;
import org.jxmpp.jid.BareJid;
import org.jxmpp.jid.impl.JidCreate;
import prekeeper.client.PrekeyDevice;
import prekeeper.client.VerifiedEnsemble;
import prekeeper.client.smack.*;
import prekeeper.wire.*;

/** Publishes a device and retrieves what a contact has published: arguments are JID, password and the contact's JID. */
public final class PublishAndRetrieve {
    public static void main(String[] arguments) throws Exception {
        XMPPTCPConnection connection = new XMPPTCPConnection(arguments[0], arguments[1]);
        connection.connect().login();
        System.out.println(run(connection, JidCreate.bareFrom(arguments[2]), Path.of("device.secrets")));
        connection.disconnect();
    }

    public static List<VerifiedEnsemble> run(XMPPConnection connection, BareJid contact, Path file) throws Exception {
        PrekeyManager manager = PrekeyManager.getInstanceFor(connection);
        PrekeyServer ours = manager.findServer().orElseThrow();
        SecureRandom random = new SecureRandom();
        Instant expires = Instant.now().plus(Duration.ofDays(7));
        PrekeyDevice device = PrekeyDevice.generate(Draft.SPEC, new InstanceTag(0x1a2b3c4d), expires, random);
        // a real application encrypts the file, and lets people compare the fingerprint
        PrekeyPublisher publisher = manager.publisher(
                ours, device, (tag, secrets) -> Files.write(file, secrets.toByteArray()), server -> true);
        publisher.publish(100);
        PrekeyServer theirs = manager.findServer(contact.asDomainBareJid()).orElseThrow();
        return manager.retrieve(theirs, contact, device.tag());
    }
}
