package prekeeper.trial;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import org.jivesoftware.smack.SmackException;
import org.jivesoftware.smack.XMPPException;
import org.jivesoftware.smackx.mam.MamManager;
import org.jivesoftware.smackx.mam.MamManager.MamQueryArgs;
import org.jxmpp.jid.Jid;

/**
 * The message archives (XEP-0313) that the XMPP server keeps for its accounts.
 *
 * @param logins of the accounts
 */
record Archives(List<Login> logins) {
    /** So many are counted; that there are any is what matters. */
    private static final int PAGE = 100;

    /**
     * What they keep of the conversation with {@code other} after {@code since}, such as "3 of alice@example.org" for each account of which there is
     * something; empty when no account has an archive.
     */
    Optional<List<String>> keep(Jid other, Instant since) throws SmackException, XMPPException, InterruptedException {
        List<String> kept = new ArrayList<>();
        boolean any = false;
        for (Login login : logins) {
            MamManager archive = MamManager.getInstanceFor(login.connection());
            if (archive.isSupported()) {
                any = true;
                int messages = archive.queryArchive(MamQueryArgs.builder()
                                .limitResultsToJid(other)
                                .limitResultsSince(Date.from(since))
                                .setResultPageSizeTo(PAGE)
                                .build())
                        .getMessageCount();
                if (messages > 0) {
                    kept.add(messages + " of " + login.jid().asBareJid());
                }
            }
        }
        return any ? Optional.of(kept) : Optional.empty();
    }
}
