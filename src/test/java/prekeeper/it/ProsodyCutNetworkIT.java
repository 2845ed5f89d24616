package prekeeper.it;

import java.io.IOException;

class ProsodyCutNetworkIT extends CutNetworkSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
