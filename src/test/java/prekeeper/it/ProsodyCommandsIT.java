package prekeeper.it;

import java.io.IOException;

class ProsodyCommandsIT extends CommandsSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
