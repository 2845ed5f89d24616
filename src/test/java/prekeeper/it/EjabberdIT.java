package prekeeper.it;

import java.io.IOException;

class EjabberdIT extends PrekeeperSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
