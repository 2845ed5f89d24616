package prekeeper.it;

import java.io.IOException;

class PrivateProsodyIT extends XmppServerSuite {

    @Override
    XmppServer startServer(Scratch scratch) throws IOException {
        return PrivateProsody.start(scratch);
    }
}
