package io.modelward.runtime.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * A lock on a file that ends with its process, however the process ends. To close a file takes off all locks that the
 * process has on the file, whichever way it was opened; so a file that is locked here is not opened a second time.
 */
public final class ProcessLock implements AutoCloseable {

    /** Of this process. */
    @GuardedBy("HELD")
    private static final Set<Path> HELD = new HashSet<>();

    private final Path file;
    private final FileChannel channel;

    private ProcessLock(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** Makes the file when it is not there; empty when somebody has the lock. */
    public static Optional<ProcessLock> tryToGet(Path path) throws IOException {
        Path file = path.toAbsolutePath().normalize();
        synchronized (HELD) {
            if (HELD.contains(file)) {
                return Optional.empty();
            }
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
                    && !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                // To open a pipe would wait for ever, and a link leads anywhere.
                throw new IOException("this is no file that can be locked");
            }
            FileChannel channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
            try {
                if (channel.tryLock() == null) {
                    channel.close();
                    return Optional.empty();
                }
            } catch (IOException | RuntimeException failure) {
                channel.close();
                throw failure;
            }
            HELD.add(file);
            return Optional.of(new ProcessLock(file, channel));
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (HELD) {
            HELD.remove(file);
            channel.close();
        }
    }
}
