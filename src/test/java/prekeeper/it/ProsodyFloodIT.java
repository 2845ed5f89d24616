package prekeeper.it;

import java.io.IOException;

class ProsodyFloodIT extends FloodSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
