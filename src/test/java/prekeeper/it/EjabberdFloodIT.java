package prekeeper.it;

import java.io.IOException;
import java.util.stream.Stream;

class EjabberdFloodIT extends FloodSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateEjabberd.start(scratch);
    }

    /**
     * Not IQs: each of them is answered. ejabberd and the component both write before they read on, and when both find that the
     * other does not read they wait until one of them gives up the connection.
     */
    @Override
    Stream<Binding> floodedBindings() {
        return Stream.of(Binding.MESSAGE);
    }
}
