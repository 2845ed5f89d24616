package prekeeper.openfire;

import java.util.Map;
import org.jivesoftware.util.PropertyEventListener;

/** Puts settings in force wherever they are changed: on our page, among Openfire's system properties, on another cluster node. */
final class SettingsListener implements PropertyEventListener {
    private final HostedServer server;

    SettingsListener(HostedServer server) {
        this.server = server;
    }

    private void changed(String property) {
        if (OpenfireSettings.isOurs(property)) {
            server.applyLater();
        }
    }

    @Override
    public void propertySet(String property, Map<String, Object> parameters) {
        changed(property);
    }

    @Override
    public void propertyDeleted(String property, Map<String, Object> parameters) {
        changed(property);
    }

    @Override
    public void xmlPropertySet(String property, Map<String, Object> parameters) {
        // none of ours is in Openfire's file
    }

    @Override
    public void xmlPropertyDeleted(String property, Map<String, Object> parameters) {
        // none of ours is in Openfire's file
    }
}
