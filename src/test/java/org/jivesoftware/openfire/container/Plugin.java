package org.jivesoftware.openfire.container;

import java.io.File;

/** A plugin. */
public interface Plugin {
    void initializePlugin(PluginManager manager, File pluginDirectory);

    void destroyPlugin();
}
