import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A forest behind HTTP, as one writes it by hand for this forest alone: {@code ForestServer FILE}. It knows one kind of
 * request, checks nothing, and keeps no record. Prints its port.
 *
 * <p>FILE, little-endian: counts of trees, nodes, classes (int); the roots (int); then of each node feature (int),
 * threshold (double), left, right (int); then the class probabilities of each node (double).
 */
public final class ForestServer {

    private final int[] roots;
    private final int[] feature;
    private final double[] threshold;
    private final int[] left;
    private final int[] right;
    private final double[][] value;
    private final int classes;

    private ForestServer(ByteBuffer in) {
        roots = new int[in.getInt()];
        int nodes = in.getInt();
        classes = in.getInt();
        for (int i = 0; i < roots.length; i++) {
            roots[i] = in.getInt();
        }
        feature = new int[nodes];
        threshold = new double[nodes];
        left = new int[nodes];
        right = new int[nodes];
        for (int i = 0; i < nodes; i++) {
            feature[i] = in.getInt();
            threshold[i] = in.getDouble();
            left[i] = in.getInt();
            right[i] = in.getInt();
        }
        value = new double[nodes][classes];
        for (double[] row : value) {
            for (int i = 0; i < classes; i++) {
                row[i] = in.getDouble();
            }
        }
    }

    public static void main(String[] words) throws IOException {
        ForestServer server = new ForestServer(
                ByteBuffer.wrap(Files.readAllBytes(Path.of(words[0]))).order(ByteOrder.LITTLE_ENDIAN));
        try (ServerSocket listening = new ServerSocket(0, 100, InetAddress.getLoopbackAddress())) {
            System.out.println(listening.getLocalPort());
            while (true) {
                Socket socket = listening.accept();
                Thread.startVirtualThread(() -> server.serve(socket));
            }
        }
    }

    private void serve(Socket socket) {
        byte[] bytes = new byte[8192];
        try (socket) {
            socket.setTcpNoDelay(true);
            InputStream in = socket.getInputStream();
            OutputStream out = socket.getOutputStream();
            int have = 0;
            while (true) {
                int read = in.read(bytes, have, bytes.length - have);
                if (read < 0) {
                    return;
                }
                have += read;
                String text = new String(bytes, 0, have, StandardCharsets.ISO_8859_1);
                int body = text.indexOf("\r\n\r\n") + 4;
                int at = text.indexOf("Content-Length: ");
                if (body < 4 || at < 0 || have < body + number(text, at + "Content-Length: ".length())) {
                    continue;
                }
                out.write(answer(text, body));
                have = 0;
            }
        } catch (IOException ended) {
            // The caller has gone.
        }
    }

    private static int number(String text, int at) {
        return Integer.parseInt(text.substring(at, text.indexOf('\r', at)));
    }

    private byte[] answer(String text, int body) {
        int from = text.indexOf("[[", body) + 2;
        String[] cells = text.substring(from, text.indexOf(']', from)).split(",");
        float[] row = new float[cells.length];
        for (int i = 0; i < cells.length; i++) {
            row[i] = (float) Double.parseDouble(cells[i]);
        }
        String json = "{\"predictions\":[" + predict(row) + "]}";
        return ("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " + json.length() + "\r\n\r\n" + json)
                .getBytes(StandardCharsets.ISO_8859_1);
    }

    private int predict(float[] row) {
        double[] sums = new double[classes];
        for (int node : roots) {
            while (feature[node] >= 0) {
                node = row[feature[node]] <= threshold[node] ? left[node] : right[node];
            }
            for (int i = 0; i < classes; i++) {
                sums[i] += value[node][i];
            }
        }
        int best = 0;
        for (int i = 1; i < classes; i++) {
            best = sums[i] > sums[best] ? i : best;
        }
        return best;
    }
}
