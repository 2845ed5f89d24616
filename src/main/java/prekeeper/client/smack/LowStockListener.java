package prekeeper.client.smack;

import org.jxmpp.jid.Jid;
import prekeeper.client.smack.element.LowStock;

/** Hears that devices of the account run out of prekey messages (docs/protocol.md, "Low stock"). */
@FunctionalInterface
public interface LowStockListener {
    /**
     * Called on a thread of Smack's for every such headline, whoever sent it.
     *
     * @param from who sent it: believe it of the server that you publish at alone
     */
    void lowStock(Jid from, LowStock low);
}
