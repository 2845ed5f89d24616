/**
 * A stand-in for the little that the plugin uses of Openfire, under Openfire's names: written for the tests, nothing of it is Openfire's
 * own. The plugin is compiled against the real classes, so a stand-in with another shape does not link.
 */
package org.jivesoftware.openfire;
