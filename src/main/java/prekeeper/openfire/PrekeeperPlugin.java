package prekeeper.openfire;

import java.io.File;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.runtime.ObjectMethods;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.jivesoftware.openfire.XMPPServer;
import org.jivesoftware.openfire.container.Plugin;
import org.jivesoftware.openfire.container.PluginManager;
import org.jivesoftware.openfire.event.UserEventDispatcher;
import org.jivesoftware.util.PropertyEventDispatcher;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What Openfire loads and unloads. It makes one of a class loader's own, so that nothing of it is left after the unload. */
public final class PrekeeperPlugin implements Plugin {
    private static final Logger LOG = LoggerFactory.getLogger(PrekeeperPlugin.class);

    /** For {@link ConsolePage}, which Openfire makes by its name alone. */
    private static volatile HostedServer server;

    private SettingsListener settings;
    private DeletedAccounts deletedAccounts;

    /** For Openfire. */
    public PrekeeperPlugin() {}

    /** Starts the server; what is wrong with its settings is in the log and on its page. */
    @Override
    public void initializePlugin(PluginManager manager, File pluginFolder) {
        // plugins/NAME is emptied at each reload
        Path home =
                pluginFolder.toPath().toAbsolutePath().normalize().getParent().getParent();
        String domain = XMPPServer.getInstance().getServerInfo().getXMPPDomain();
        HostedServer hosted = new HostedServer(new OpenfireSettings(domain, home));
        settings = new SettingsListener(hosted);
        deletedAccounts = new DeletedAccounts(domain, hosted);
        server = hosted;
        hosted.start();
        PropertyEventDispatcher.addListener(settings);
        UserEventDispatcher.addListener(deletedAccounts);
    }

    /** Stops everything; what is in flight is answered first. */
    @Override
    public void destroyPlugin() {
        UserEventDispatcher.removeListener(deletedAccounts);
        PropertyEventDispatcher.removeListener(settings);
        server.close();
        server = null;
        forgetRecords();
    }

    /**
     * Java 17 keeps the types for which it last made the equality and the hash of a record, and with one of ours our class loader (the
     * caches of one entry in java.lang.runtime.ObjectMethods). Hence one more of each, for types of Java's.
     */
    private static void forgetRecords() {
        MethodHandles.Lookup lookup = MethodHandles.lookup();
        try {
            MethodHandle component = lookup.findVirtual(String.class, "strip", MethodType.methodType(String.class));
            Map<String, MethodType> methods = Map.of(
                    "equals", MethodType.methodType(boolean.class, String.class, Object.class),
                    "hashCode", MethodType.methodType(int.class, String.class));
            for (Map.Entry<String, MethodType> method : methods.entrySet()) {
                ObjectMethods.bootstrap(
                        lookup, method.getKey(), method.getValue(), String.class, "component", component);
            }
        } catch (Throwable unexpected) { // so the method declares; all that is lost is some memory
            LOG.debug("a class loader may stay", unexpected);
        }
    }

    /** The server of the plugin that is loaded. */
    static Optional<HostedServer> server() {
        return Optional.ofNullable(server);
    }
}
