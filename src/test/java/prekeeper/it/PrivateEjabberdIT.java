package prekeeper.it;

import java.io.IOException;

class PrivateEjabberdIT extends XmppServerSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
