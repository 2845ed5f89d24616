package org.jivesoftware.openfire;

import java.util.Collection;
import java.util.List;
import org.xmpp.packet.JID;

/** One server of example.org with one administrator. */
public final class XMPPServer {
    private static final XMPPServer INSTANCE = new XMPPServer();

    private XMPPServer() {}

    public static XMPPServer getInstance() {
        return INSTANCE;
    }

    public XMPPServerInfo getServerInfo() {
        return () -> "example.org";
    }

    public Collection<JID> getAdmins() {
        return List.of(new JID("admin@example.org"));
    }
}
