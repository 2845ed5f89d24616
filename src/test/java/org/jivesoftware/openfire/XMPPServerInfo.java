package org.jivesoftware.openfire;

/** Who the server is. */
public interface XMPPServerInfo {
    String getXMPPDomain();
}
