package prekeeper.it;

import java.io.IOException;

class EjabberdPrekeyManagerIT extends PrekeyManagerSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
