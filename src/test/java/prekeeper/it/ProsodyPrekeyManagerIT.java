package prekeeper.it;

import java.io.IOException;

class ProsodyPrekeyManagerIT extends PrekeyManagerSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
