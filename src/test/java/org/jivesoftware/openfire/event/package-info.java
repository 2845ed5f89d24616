/** A stand-in for the little that the plugin uses of Openfire, written for the tests. */
package org.jivesoftware.openfire.event;
