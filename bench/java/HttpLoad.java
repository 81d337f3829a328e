import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * HTTP load from one thread: {@code HttpLoad PORT PATH FILE CONNECTIONS RATE SECONDS}.
 *
 * <p>Each line of FILE is a body, a tab, and the first bytes that its answer must have. RATE 0 is a closed loop: each
 * connection sends its next request when it has the answer to the last. With another RATE requests are due at equal
 * distances, whether or not answers have come, and the time of each counts from when it was due: a server that stops
 * for a second so has a second's worth of late answers, and not one.
 *
 * <p>Prints one JSON line, times in seconds. {@code wrong}: answers with status 200 that are not what they must be.
 */
public final class HttpLoad {

    private static final long LAST_ANSWERS_NS = 10_000_000_000L;
    private static final byte[] HEAD_END = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

    private final InetSocketAddress address;
    private final byte[][] requests;
    private final byte[][] expected;
    private final long gap;
    private final Selector selector = Selector.open();
    private final ArrayDeque<Connection> free = new ArrayDeque<>();
    private long[] times = new long[1 << 20];
    private int count;
    private int next;
    private long failed;
    private long wrong;
    private int busy;
    private String error = "";

    private HttpLoad(int port, String path, Path file, int connections, double rate) throws IOException {
        address = new InetSocketAddress("127.0.0.1", port);
        List<String> lines = Files.readAllLines(file);
        requests = new byte[lines.size()][];
        expected = new byte[lines.size()][];
        for (int i = 0; i < requests.length; i++) {
            String[] parts = lines.get(i).split("\t", 2);
            byte[] body = parts[0].getBytes(StandardCharsets.UTF_8);
            String head = "POST " + path + " HTTP/1.1\r\nHost: 127.0.0.1:" + port
                    + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length + "\r\n\r\n";
            ByteBuffer whole = ByteBuffer.allocate(head.length() + body.length);
            requests[i] = whole.put(head.getBytes(StandardCharsets.US_ASCII)).put(body).array();
            expected[i] = parts[1].getBytes(StandardCharsets.UTF_8);
        }
        gap = rate == 0 ? 0 : (long) (1e9 / rate);
        for (int i = 0; i < connections; i++) {
            free.add(new Connection());
        }
    }

    public static void main(String[] words) throws IOException {
        HttpLoad load = new HttpLoad(
                Integer.parseInt(words[0]),
                words[1],
                Path.of(words[2]),
                Integer.parseInt(words[3]),
                Double.parseDouble(words[4]));
        System.out.println(load.run(Double.parseDouble(words[5])));
    }

    private String run(double seconds) throws IOException {
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        long due = start;
        while (true) {
            long now = System.nanoTime();
            boolean over = now >= end;
            boolean sent = gap == 0 || due >= end;
            if (over && (busy == 0 && sent || now > end + LAST_ANSWERS_NS)) {
                break;
            }
            boolean did = false;
            while (!free.isEmpty() && (gap == 0 ? !over : due <= now && due < end)) {
                free.poll().send(gap == 0 ? System.nanoTime() : due);
                due += gap;
                did = true;
            }
            int ready = gap == 0 ? selector.select(100) : selector.selectNow();
            if (ready > 0) {
                for (SelectionKey key : selector.selectedKeys()) {
                    ((Connection) key.attachment()).receive();
                }
                selector.selectedKeys().clear();
            } else if (!did && gap != 0) {
                LockSupport.parkNanos(Math.max(1, Math.min(50_000, due - System.nanoTime())));
            }
        }
        double took = (System.nanoTime() - start) / 1e9;
        failed += busy;
        // What was due and was never sent has waited as long as the rest.
        long unsent = gap == 0 ? 0 : Math.max(0, (end - due) / gap);
        Arrays.sort(times, 0, count);
        return String.format(
                Locale.ROOT,
                "{\"requests\":%d,\"failed\":%d,\"wrong\":%d,\"unsent\":%d,\"per_second\":%.1f,\"p50\":%.7f,\"p99\":%.7f,"
                        + "\"p999\":%.7f,\"most\":%.7f,\"error\":\"%s\"}",
                count, failed, wrong, unsent, count / took, at(0.5), at(0.99), at(0.999), at(1),
                error.replace("\\", "").replace("\"", "'").replaceAll("[\r\n]", " "));
    }

    private double at(double share) {
        return count == 0 ? 0 : times[Math.min(count - 1, (int) (count * share))] / 1e9;
    }

    /** A connection, and the request on it. */
    private final class Connection {

        private final ByteBuffer in = ByteBuffer.allocate(1 << 16);
        private SocketChannel channel;
        private long due;
        private int request;

        Connection() throws IOException {
            open();
        }

        private void open() throws IOException {
            channel = SocketChannel.open(address);
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ, this);
        }

        void send(long dueAt) throws IOException {
            due = dueAt;
            request = next;
            next = (next + 1) % requests.length;
            in.clear();
            busy++;
            ByteBuffer out = ByteBuffer.wrap(requests[request]);
            try {
                while (out.hasRemaining()) {
                    channel.write(out);
                }
            } catch (IOException broken) {
                again(broken);
            }
        }

        void receive() throws IOException {
            try {
                if (channel.read(in) < 0) {
                    throw new IOException("the connection was closed");
                }
            } catch (IOException broken) {
                again(broken);
                return;
            }
            byte[] bytes = in.array();
            int head = find(bytes, in.position(), HEAD_END);
            if (head < 0) {
                return;
            }
            int body = head + HEAD_END.length;
            int length = length(bytes, head);
            if (in.position() < body + length) {
                return;
            }
            if (count == times.length) {
                times = Arrays.copyOf(times, 2 * count);
            }
            times[count++] = System.nanoTime() - due;
            byte[] must = expected[request];
            if (bytes[9] != '2' || bytes[10] != '0' || bytes[11] != '0') {
                failed++;
                note(bytes, body, length);
            } else if (must.length > length
                    || !Arrays.equals(bytes, body, body + must.length, must, 0, must.length)) {
                wrong++;
                note(bytes, body, length);
            }
            busy--;
            free.add(this);
        }

        private void note(byte[] bytes, int body, int length) {
            if (error.isEmpty()) {
                error = new String(bytes, body, Math.min(length, 200), StandardCharsets.UTF_8);
            }
        }

        private void again(IOException broken) throws IOException {
            failed++;
            busy--;
            error = error.isEmpty() ? String.valueOf(broken.getMessage()) : error;
            channel.close();
            open();
            free.add(this);
        }
    }

    private static int find(byte[] bytes, int end, byte[] wanted) {
        for (int i = 0; i <= end - wanted.length; i++) {
            if (bytes[i] == wanted[0] && Arrays.equals(bytes, i, i + wanted.length, wanted, 0, wanted.length)) {
                return i;
            }
        }
        return -1;
    }

    private static int length(byte[] bytes, int head) {
        String text = new String(bytes, 0, head, StandardCharsets.US_ASCII).toLowerCase(Locale.ROOT);
        int at = text.indexOf("content-length:") + "content-length:".length();
        int end = text.indexOf('\r', at);
        return Integer.parseInt(text.substring(at, end < 0 ? head : end).trim());
    }
}
