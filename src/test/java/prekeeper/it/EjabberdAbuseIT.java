package prekeeper.it;

import java.io.IOException;

class EjabberdAbuseIT extends AbuseSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.startLenient(scratch);
    }
}
