package prekeeper.it;

import java.io.IOException;

class ProsodyAbuseIT extends AbuseSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.startLenient(scratch);
    }
}
