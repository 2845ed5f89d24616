/** The plugin's jar in a stand-in for Openfire. */
package prekeeper.openfire;
