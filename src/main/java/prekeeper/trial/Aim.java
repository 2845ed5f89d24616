package prekeeper.trial;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jxmpp.jid.Jid;

/**
 * Where requests go.
 *
 * @param where as people read it
 * @param loopback whether that is this machine for sure
 */
public record Aim(String where, boolean loopback) {

    /** Looks addresses of a host up. */
    @FunctionalInterface
    public interface Resolver {
        /** All that there are. */
        InetAddress[] resolve(String host) throws UnknownHostException;
    }

    /**
     * Everything that requests of {@code accounts} reach: a host that was named, or what the SRV records of each domain say,
     * which is never known to be this machine; and a prekey server that is none of the accounts' domains.
     *
     * @throws UnknownHostException when a host that was named has no address
     */
    public static List<Aim> of(Collection<Account> accounts, Reach reach, Optional<String> server, Resolver resolver)
            throws UnknownHostException {
        List<String> domains = accounts.stream()
                .map(account -> account.jid().getDomain().toString())
                .distinct()
                .sorted()
                .toList();
        Stream<Aim> xmpp = reach.host().isPresent()
                ? Stream.of(host(reach, domains, resolver))
                : domains.stream().map(domain -> new Aim("the XMPP server of " + domain, false));
        Stream<Aim> prekey = server
                .filter(name -> domains.stream().noneMatch(domain -> belongsTo(LoadSettings.address(name), domain)))
                .map(name ->
                        new Aim("the prekey server " + name + ", which the XMPP servers pass requests on to", false))
                .stream();
        return Stream.concat(xmpp, prekey).toList();
    }

    /**
     * Whether {@code host} is this machine for sure: all of its addresses are of the loopback.
     *
     * @throws UnknownHostException when it has none
     */
    public static boolean isThisMachine(String host, Resolver resolver) throws UnknownHostException {
        return Arrays.stream(resolver.resolve(host)).allMatch(InetAddress::isLoopbackAddress);
    }

    /** Whether {@code jid} is at {@code domain} or below it, as components are. */
    static boolean belongsTo(Jid jid, String domain) {
        String its = jid.getDomain().toString();
        return its.equals(domain) || its.endsWith("." + domain);
    }

    private static Aim host(Reach reach, List<String> domains, Resolver resolver) throws UnknownHostException {
        String host = reach.host().orElseThrow();
        boolean loopback = isThisMachine(host, resolver);
        return new Aim(
                domains.stream().collect(Collectors.joining(", ", host + ":" + reach.port() + " (for ", ")")),
                loopback);
    }
}
