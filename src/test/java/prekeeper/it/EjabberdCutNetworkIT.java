package prekeeper.it;

import java.io.IOException;

class EjabberdCutNetworkIT extends CutNetworkSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
