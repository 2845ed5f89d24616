package prekeeper.it;

import java.io.IOException;

class EjabberdTryIT extends TrySuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }

    @Override
    XmppServer startNarrow(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch, "8192");
    }
}
