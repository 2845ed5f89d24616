package prekeeper.it;

import java.io.IOException;

class EjabberdFloodIT extends FloodSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
