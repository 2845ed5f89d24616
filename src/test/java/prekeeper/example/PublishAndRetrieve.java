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
import prekeeper.client.*;
import prekeeper.client.smack.*;
import prekeeper.crypto.SecretBytes;
import prekeeper.wire.*;

/** Publishes a device and retrieves what a contact has published: arguments are JID, password and the contact's JID. */
public final class PublishAndRetrieve {
    public static void main(String[] arguments) throws Exception {
        PrekeyManager.register(); // before connecting: then what the server says of its stanza limits is heard
        XMPPTCPConnection connection = new XMPPTCPConnection(arguments[0], arguments[1]);
        connection.connect().login();
        for (VerifiedEnsemble to : run(connection, JidCreate.bareFrom(arguments[2]), Path.of("device.secrets")))
            System.out.println("device " + to.device() + ", prekeys expire at " + to.expires());
        connection.disconnect();
    }

    public static List<VerifiedEnsemble> run(XMPPConnection connection, BareJid contact, Path file) throws Exception {
        SecureRandom random = new SecureRandom();
        Instant inAWeek = Instant.now().plus(Duration.ofDays(7));
        PrekeyDevice device = Files.exists(file)
                ? PrekeyDevice.restore(SecretBytes.adopt(Files.readAllBytes(file)), random)
                : PrekeyDevice.generate(Draft.DEPLOYED, InstanceTag.random(random), inAWeek, random);
        PrekeyManager manager = PrekeyManager.getInstanceFor(connection);
        manager.publisher(manager.findServer().orElseThrow(), device, DeviceSecrets.in(file), key -> true)
                .publish(100);
        return manager.retrieve(manager.findServer(contact.asDomainBareJid()).orElseThrow(), contact, device.tag());
    }
}
