package prekeeper.it;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * The way between two processes, which can be cut: then nothing passes either way, no byte, no connection, no end of one, and
 * neither side is told. What was sent meanwhile passes when it is mended.
 */
final class CuttableNetwork implements AutoCloseable {
    private final ServerSocket listening;
    private final int target;
    private final List<Socket> sockets = new CopyOnWriteArrayList<>();
    private boolean cut;

    private CuttableNetwork(int target) throws IOException {
        this.target = target;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    /** One that leads from its own {@link #port} to {@code target}, both on loopback. */
    static CuttableNetwork to(int target) throws IOException {
        CuttableNetwork network = new CuttableNetwork(target);
        start(network::accept);
        return network;
    }

    int port() {
        return listening.getLocalPort();
    }

    synchronized void cut() {
        cut = true;
    }

    synchronized void mend() {
        cut = false;
        notifyAll();
    }

    private synchronized void awaitMended() throws InterruptedException {
        while (cut) {
            wait();
        }
    }

    private void accept() throws IOException, InterruptedException {
        while (true) {
            Socket near = listening.accept();
            sockets.add(near);
            awaitMended();
            Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
            sockets.add(far);
            start(() -> pass(near, far));
            start(() -> pass(far, near));
        }
    }

    private void pass(Socket from, Socket to) throws IOException, InterruptedException {
        byte[] buffer = new byte[8192];
        try {
            InputStream in = from.getInputStream();
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                awaitMended();
                to.getOutputStream().write(buffer, 0, count);
            }
            awaitMended();
            to.shutdownOutput();
        } catch (IOException reset) {
            awaitMended();
            to.setSoLinger(true, 0);
            to.close();
        }
    }

    private interface Work {
        void run() throws IOException, InterruptedException;
    }

    private static void start(Work work) {
        Thread thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException e) {
                        // one of the two has gone, or the network
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                },
                "cuttable-network");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        mend();
        listening.close();
        for (Socket socket : sockets) {
            socket.close();
        }
    }
}
