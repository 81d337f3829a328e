package io.modelward.runtime.job;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/**
 * The output of a command, in a file. The file has the first 4 MiB and, when the command has ended, the last 1 MiB.
 * Secrets are masked before they are written.
 */
final class JobLog implements AutoCloseable {

    static final int HEAD = 4 << 20;
    static final int TAIL = 1 << 20;

    private static final int LONGEST_LINE = 64 << 10;
    private static final String MASK = "***";

    private final OutputStream file;
    private final List<String> secrets;

    @GuardedBy("this")
    private final byte[] tail = new byte[TAIL];
    /** What was read and not written yet: a secret may stand across two pieces. */
    @GuardedBy("this")
    private String open = "";

    @GuardedBy("this")
    private long written;

    @GuardedBy("this")
    private long beyond;

    @GuardedBy("this")
    private boolean closed;

    /** @param secrets the longer ones are masked first; those of fewer than four characters are not masked */
    JobLog(Path path, Set<String> secrets) throws IOException {
        this.file = Files.newOutputStream(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= 4)
                // As bytes, each a character: the output may be no text.
                .map(JobLog::flat)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    private static String flat(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
    }

    synchronized void write(byte[] bytes, int count) throws IOException {
        if (closed) {
            return;
        }
        open += new String(bytes, 0, count, StandardCharsets.ISO_8859_1);
        int whole = open.lastIndexOf('\n') + 1;
        if (whole == 0 && open.length() > LONGEST_LINE) {
            whole = open.length();
        }
        whole = beforeSecret(whole);
        if (whole > 0) {
            String ready = open.substring(0, whole);
            open = open.substring(whole);
            keep(ready);
        }
    }

    /** The largest place up to this one at which no secret can have begun that goes on after the place. */
    private synchronized int beforeSecret(int place) {
        int before = place;
        for (String secret : secrets) {
            for (int known = Math.min(secret.length() - 1, before); known > 0; known--) {
                if (open.startsWith(secret.substring(0, known), before - known)) {
                    before -= known;
                    break;
                }
            }
        }
        return before;
    }

    /** A line of the server's own. */
    synchronized void say(String line) throws IOException {
        if (!closed) {
            flush();
            keep(flat("modelward: " + line + "\n"));
            file.flush();
        }
    }

    private synchronized void flush() throws IOException {
        String rest = open;
        open = "";
        keep(rest);
    }

    private synchronized void keep(String text) throws IOException {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, MASK);
        }
        byte[] bytes = masked.getBytes(StandardCharsets.ISO_8859_1);
        int first = (int) Math.min(bytes.length, Math.max(0, HEAD - written));
        if (first > 0) {
            file.write(bytes, 0, first);
            written += first;
        }
        for (int from = first; from < bytes.length; ) {
            int at = (int) (beyond % TAIL);
            int count = Math.min(bytes.length - from, TAIL - at);
            System.arraycopy(bytes, from, tail, at, count);
            from += count;
            beyond += count;
        }
    }

    @Override
    public synchronized void close() throws IOException {
        if (closed) {
            return;
        }
        closed = true;
        try (file) {
            flush();
            if (beyond > TAIL) {
                file.write(("\nmodelward: " + (beyond - TAIL) + " bytes of the output are left out here\n")
                        .getBytes(StandardCharsets.UTF_8));
            }
            int from = (int) (beyond > TAIL ? beyond % TAIL : 0);
            int count = (int) Math.min(beyond, TAIL);
            int first = Math.min(count, TAIL - from);
            file.write(tail, from, first);
            file.write(tail, 0, count - first);
        }
    }
}
