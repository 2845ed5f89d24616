package org.jivesoftware.openfire.container;

/** Who loads plugins. */
public class PluginManager {}
