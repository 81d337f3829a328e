package io.modelward.store.disk;

import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.unit.UnitOfWork;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * The operating system's file system. Failpoints: disk.create, write, sync, link, rename, delete, sync-directory,
 * force.
 */
public final class LocalDisk implements Disk {

    private final Failpoints failpoints;

    public LocalDisk(Failpoints failpoints) {
        this.failpoints = failpoints;
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        pass("disk.create");
        Files.createDirectory(directory);
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        pass("disk.create");
        FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        return new LocalFile(channel);
    }

    @Override
    public void link(Path name, Path existing) throws IOException {
        pass("disk.link");
        Files.createLink(name, existing);
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        pass("disk.rename");
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path file) throws IOException {
        pass("disk.delete");
        Files.deleteIfExists(file);
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        pass("disk.sync-directory");
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        UnitOfWork.requireNone("reads a file");
        return FileChannel.open(file, StandardOpenOption.READ);
    }

    @Override
    @SuppressWarnings("MustBeClosedChecker") // The mapping closes its arena.
    public MappedFile map(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            Arena arena = Arena.ofShared();
            try {
                return new LocalMapping(channel.map(FileChannel.MapMode.READ_WRITE, 0, size, arena), arena);
            } catch (IOException | RuntimeException failure) {
                arena.close();
                throw failure;
            }
        }
    }

    private void pass(String name) throws IOException {
        UnitOfWork.requireNone("changes a file");
        try {
            failpoints.pass(name);
        } catch (UncheckedIOException injected) {
            throw injected.getCause();
        }
    }

    private final class LocalFile implements DiskFile {
        private final FileChannel channel;

        private LocalFile(FileChannel channel) {
            this.channel = channel;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            pass("disk.write");
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        }

        @Override
        public void sync() throws IOException {
            pass("disk.sync");
            channel.force(true);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private final class LocalMapping implements MappedFile {
        private final MemorySegment memory;
        private final Arena arena;

        private LocalMapping(MemorySegment memory, Arena arena) {
            this.memory = memory;
            this.arena = arena;
        }

        @Override
        public void close() {
            arena.close();
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void force(long offset, long length) throws IOException {
            pass("disk.force");
            try {
                memory.asSlice(offset, length).force();
            } catch (UncheckedIOException failure) {
                throw failure.getCause();
            }
        }
    }
}
