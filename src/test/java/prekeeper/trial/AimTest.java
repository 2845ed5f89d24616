package prekeeper.trial;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import prekeeper.crypto.SecretBytes;

class AimTest {
    private static final List<Account> ACCOUNTS =
            List.of(account("alice@example.org"), account("bob@example.net"), account("carol@example.org"));

    @Test
    void aHostIsThisMachineWhenAllOfItsAddressesAre() throws Exception {
        String where = "xmpp:5222 (for example.net, example.org)";
        assertEquals(List.of(new Aim(where, true)), aims("127.0.0.1"));
        assertEquals(List.of(new Aim(where, true)), aims("127.0.0.1", "::1"));
        assertEquals(List.of(new Aim(where, false)), aims("192.0.2.1"));
        assertEquals(List.of(new Aim(where, false)), aims("127.0.0.1", "192.0.2.1"));
        assertEquals(List.of(new Aim(where, false)), aims("0.0.0.0"));
    }

    @Test
    void whatSrvRecordsSayIsNeverKnownToBeThisMachine() throws Exception {
        assertEquals(
                List.of(
                        new Aim("the XMPP server of example.net", false),
                        new Aim("the XMPP server of example.org", false)),
                Aim.of(ACCOUNTS, reach(Optional.empty()), Optional.empty(), host -> {
                    throw new AssertionError("nothing is to be looked up");
                }));
    }

    @Test
    void aPrekeyServerElsewhereIsAnAimOfItsOwn() throws Exception {
        assertEquals(1, withServer("prekey.example.org").size());
        assertEquals(1, withServer("example.net").size());
        assertEquals(
                List.of(
                        new Aim("xmpp:5222 (for example.net, example.org)", true),
                        new Aim(
                                "the prekey server prekey.notexample.org, which the XMPP servers pass requests on to",
                                false)),
                withServer("prekey.notexample.org"));
    }

    @Test
    void aHostWithoutAnAddressIsNone() {
        assertThrows(
                UnknownHostException.class,
                () -> Aim.of(ACCOUNTS, reach(Optional.of("xmpp")), Optional.empty(), host -> {
                    throw new UnknownHostException(host);
                }));
    }

    private static List<Aim> aims(String... addresses) throws UnknownHostException {
        InetAddress[] resolved = new InetAddress[addresses.length];
        for (int i = 0; i < addresses.length; i++) {
            resolved[i] = InetAddress.getByName(addresses[i]);
        }
        return Aim.of(ACCOUNTS, reach(Optional.of("xmpp")), Optional.empty(), host -> resolved);
    }

    private static List<Aim> withServer(String server) throws UnknownHostException {
        return Aim.of(ACCOUNTS, reach(Optional.of("xmpp")), Optional.of(server), host ->
                new InetAddress[] {InetAddress.getLoopbackAddress()});
    }

    private static Reach reach(Optional<String> host) {
        return new Reach(host, Reach.USUAL_PORT, Reach.Tls.REQUIRED);
    }

    private static Account account(String jid) {
        return Account.of(jid, SecretBytes.copyOf(new byte[1]));
    }
}
