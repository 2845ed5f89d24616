package prekeeper.openfire;

import java.util.Map;
import java.util.Optional;
import org.jivesoftware.openfire.event.UserEventListener;
import org.jivesoftware.openfire.user.User;
import prekeeper.xmpp.TinderAccounts;

/** Forgets the prekeys of accounts that are deleted: whoever gets the name next is somebody else. */
final class DeletedAccounts implements UserEventListener {
    private final String domain;
    private final HostedServer server;

    DeletedAccounts(String domain, HostedServer server) {
        this.domain = domain;
        this.server = server;
    }

    @Override
    public void userDeleting(User user, Map<String, Object> parameters) {
        Optional<String> account = new TinderAccounts().prepare(user.getUsername() + "@" + domain);
        account.ifPresent(server::forget);
    }

    @Override
    public void userCreated(User user, Map<String, Object> parameters) {
        // it publishes when its client does
    }

    @Override
    public void userModified(User user, Map<String, Object> parameters) {
        // its address stays
    }
}
