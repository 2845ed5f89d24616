package prekeeper.xmpp;

import java.util.List;
import java.util.Optional;
import org.xmpp.packet.JID;

/**
 * A list of XMPP domains as administrators write it.
 *
 * @param entries each {@code *} for every domain, {@code *.example.org} for every domain below, or a domain; prepared by
 *     tinder, so an internationalised name is kept in its ASCII form
 */
public record DomainList(List<String> entries) {
    private static final String EVERY = "*";
    private static final String BELOW = "*.";

    /** @throws IllegalArgumentException when an entry is none of the three */
    public DomainList {
        entries = entries.stream()
                .map(entry -> prepareEntry(entry)
                        .orElseThrow(() -> new IllegalArgumentException(
                                "\"" + entry + "\" in a list of domains; a domain, *.domain or * allowed")))
                .toList();
    }

    /** The list of these entries. */
    public static DomainList of(String... entries) {
        return new DomainList(List.of(entries));
    }

    /**
     * The form in which an entry is kept.
     *
     * @return empty when {@code written} is no entry
     */
    public static Optional<String> prepareEntry(String written) {
        if (written.equals(EVERY)) {
            return Optional.of(EVERY);
        }
        return written.startsWith(BELOW)
                ? prepareDomain(written.substring(BELOW.length())).map(BELOW::concat)
                : prepareDomain(written);
    }

    /**
     * The prepared, lower-case ASCII form of a domain, as it stands in a prepared JID.
     *
     * @return empty when {@code written} is no domain, such as a JID with a node
     */
    public static Optional<String> prepareDomain(String written) {
        try {
            return Optional.of(JID.domainprep(written));
        } catch (IllegalArgumentException notADomain) {
            return Optional.empty();
        }
    }

    /** Whether an entry covers {@code domain}, which is prepared already. */
    public boolean covers(String domain) {
        return entries.stream().anyMatch(entry -> covers(entry, domain));
    }

    private static boolean covers(String entry, String domain) {
        if (entry.equals(EVERY)) {
            return true;
        }
        // the dot stays: example.org is not below itself, and badexample.org not below example.org
        return entry.startsWith(BELOW) ? domain.endsWith(entry.substring(1)) : domain.equals(entry);
    }

    /** The entries, separated by commas. */
    @Override
    public String toString() {
        return entries.isEmpty() ? "none" : String.join(", ", entries);
    }
}
