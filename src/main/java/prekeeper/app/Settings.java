package prekeeper.app;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import prekeeper.crypto.SecretBytes;
import prekeeper.xmpp.DomainList;

/**
 * What conf/prekeeper.conf configures, read, checked and with every default filled in.
 *
 * @param keyFile the server's identity, made on first start
 * @param admins prepared bare JIDs
 * @param warnings one line each, about what works and should be changed all the same
 */
record Settings(
        Component component,
        Store store,
        Path keyFile,
        Publishers publishers,
        Retrievers retrievers,
        List<String> admins,
        List<String> warnings) {

    /**
     * The XEP-0114 connection.
     *
     * @param jid a prepared domain
     * @param secret shared with the XMPP server, UTF-8
     */
    record Component(String jid, String host, int port, SecretBytes secret) {}

    /**
     * The database.
     *
     * @param url JDBC URL without settings, hence without secrets
     * @param password UTF-8
     */
    record Store(String url, Optional<String> user, Optional<SecretBytes> password) {}

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
