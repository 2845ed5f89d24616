package prekeeper.it;

import java.io.IOException;

class ProsodyIT extends PrekeeperSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
