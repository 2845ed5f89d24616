package prekeeper.it;

import java.io.IOException;

class EjabberdCommandsIT extends CommandsSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }
}
