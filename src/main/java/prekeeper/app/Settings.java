package prekeeper.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import prekeeper.crypto.SecretBytes;
import prekeeper.store.StoreSettings;
import prekeeper.xmpp.ContactKind;
import prekeeper.xmpp.DomainList;
import prekeeper.xmpp.Limits;

/**
 * What conf/prekeeper.conf configures, read, checked and with every default filled in.
 *
 * @param keyFile the server's identity, made on first start
 * @param admins prepared bare JIDs
 * @param contacts URIs that discovery shows
 * @param warnings one line each, about what works and should be changed all the same
 */
record Settings(
        Component component,
        StoreSettings store,
        Path keyFile,
        Publishers publishers,
        Retrievers retrievers,
        List<String> admins,
        Map<ContactKind, List<String>> contacts,
        Limits limits,
        List<String> warnings) {

    /**
     * The XEP-0114 connection.
     *
     * @param jid a prepared domain
     * @param secret shared with the XMPP server, UTF-8
     */
    record Component(String jid, String host, int port, SecretBytes secret) {}

    /** Who may publish. */
    record Publishers(DomainList domains) {}

    /** Who may retrieve. */
    record Retrievers(DomainList domains) {}

    /**
     * Reads {@code file}, the files that it includes and the secrets that they name.
     *
     * @param environment of the process: secrets in it win, and {@code ${?NAME}} in the file refers to it
     * @throws SetupException with every problem found, not the first only
     */
    static Settings load(Path file, Map<String, String> environment) throws SetupException {
        return new SettingsReader(file, environment).read();
    }
}
