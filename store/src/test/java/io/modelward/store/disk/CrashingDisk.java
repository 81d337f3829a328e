package io.modelward.store.disk;

import io.modelward.store.failpoint.Failpoints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A disk whose machine loses power at a chosen step. It works on real files and remembers beside them what a power loss
 * would leave: of a file the bytes that were synced, of a directory the names that its last sync made durable.
 * {@link #surviving} writes that state to another directory, as harsh or as kind as a real file system may be.
 */
public final class CrashingDisk implements Disk {

    /** The power is gone; every step from here on fails. */
    public static final class PowerLoss extends RuntimeException {
        PowerLoss(String step) {
            super("power lost at " + step, null, false, false);
        }
    }

    /** What a file system may make of what was not synced. */
    public enum Survival {
        /** Nothing of it is left. */
        ONLY_SYNCED,
        /** Names are left, the bytes under them are not: a file may be torn. */
        NAMES_WITHOUT_BYTES,
        /** All of it is left. */
        EVERYTHING
    }

    private static final class Inode {
        private byte[] written = new byte[0];
        private byte[] synced = new byte[0];
    }

    private final Disk real = new LocalDisk(Failpoints.NONE);
    private final int lossAt;
    private int steps;
    private final Map<Path, Inode> names = new TreeMap<>();
    private final Map<Path, Inode> durableNames = new TreeMap<>();
    private final Map<Path, Boolean> directories = new TreeMap<>();

    /** @param lossAt the step at which the power is lost, counted from 1; the step itself does not happen */
    public CrashingDisk(int lossAt) {
        this.lossAt = lossAt;
    }

    /** Whether the power was lost. */
    public synchronized boolean lost() {
        return steps >= lossAt;
    }

    private synchronized void step(String name) {
        steps++;
        if (steps >= lossAt) {
            throw new PowerLoss(name + " (step " + steps + ")");
        }
    }

    /** Writes what is left of everything below {@code root} into {@code target}. */
    public synchronized void surviving(Path root, Path target, Survival survival) throws IOException {
        Files.createDirectories(target);
        for (Map.Entry<Path, Boolean> directory : directories.entrySet()) {
            if (directory.getKey().startsWith(root) && (directory.getValue() || survival != Survival.ONLY_SYNCED)) {
                Path made = target.resolve(root.relativize(directory.getKey()).toString());
                if (Files.isDirectory(parent(made))) {
                    Files.createDirectories(made);
                }
            }
        }
        Map<Path, Inode> left = new HashMap<>(durableNames);
        if (survival != Survival.ONLY_SYNCED) {
            left.clear();
            left.putAll(names);
        }
        for (Map.Entry<Path, Inode> name : left.entrySet()) {
            Path file = target.resolve(root.relativize(name.getKey()).toString());
            if (name.getKey().startsWith(root) && Files.isDirectory(parent(file))) {
                Inode inode = name.getValue();
                Files.write(file, survival == Survival.EVERYTHING ? inode.written : inode.synced);
            }
        }
    }

    private static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent());
    }

    @Override
    public void createDirectory(Path directory) throws IOException {
        step("create directory");
        real.createDirectory(directory);
        synchronized (this) {
            directories.put(directory, false);
        }
    }

    @Override
    public DiskFile create(Path file) throws IOException {
        step("create");
        Inode inode = new Inode();
        DiskFile opened = real.create(file);
        synchronized (this) {
            names.put(file, inode);
        }
        return new CrashingFile(opened, inode);
    }

    @Override
    public void link(Path name, Path existing) throws IOException {
        step("link");
        real.link(name, existing);
        synchronized (this) {
            names.put(name, inode(existing));
        }
    }

    @Override
    public void rename(Path from, Path to) throws IOException {
        step("rename");
        real.rename(from, to);
        synchronized (this) {
            names.put(to, inode(from));
            names.remove(from);
        }
    }

    @Override
    public void delete(Path file) throws IOException {
        step("delete");
        real.delete(file);
        synchronized (this) {
            names.remove(file);
        }
    }

    @Override
    public void syncDirectory(Path directory) throws IOException {
        step("sync directory");
        synchronized (this) {
            directories.replaceAll((path, durable) -> durable || directory.equals(path.getParent()));
            durableNames.keySet().removeIf(name -> directory.equals(name.getParent()));
            names.forEach((name, inode) -> {
                if (directory.equals(name.getParent())) {
                    durableNames.put(name, inode);
                }
            });
        }
    }

    @Override
    public FileChannel read(Path file) throws IOException {
        return real.read(file);
    }

    @Override
    public MappedFile map(Path file, long size) throws IOException {
        step("map");
        return new CrashingMapping(inode(file), size);
    }

    private synchronized Inode inode(Path name) throws NoSuchFileException, FileAlreadyExistsException {
        Inode inode = names.get(name);
        if (inode == null) {
            throw new NoSuchFileException(name.toString());
        }
        return inode;
    }

    private final class CrashingFile implements DiskFile {
        private final DiskFile file;
        private final Inode inode;
        private final ByteArrayOutputStream content = new ByteArrayOutputStream();

        private CrashingFile(DiskFile file, Inode inode) {
            this.file = file;
            this.inode = inode;
        }

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            step("write");
            byte[] copy = new byte[bytes.remaining()];
            bytes.duplicate().get(copy);
            file.write(bytes);
            content.writeBytes(copy);
            inode.written = content.toByteArray();
        }

        @Override
        public void sync() throws IOException {
            step("sync");
            inode.synced = inode.written;
        }

        @Override
        public void close() throws IOException {
            file.close();
        }
    }

    /** A mapping of its own memory: what is not forced stays in it. */
    private final class CrashingMapping implements MappedFile {
        private final Inode inode;
        private final MemorySegment memory;

        private CrashingMapping(Inode inode, long size) {
            this.inode = inode;
            this.memory = Arena.ofAuto().allocate(size);
            MemorySegment.copy(MemorySegment.ofArray(inode.written), 0, memory, 0, inode.written.length);
        }

        @Override
        public void close() {
            // What a power loss takes away is decided by what was forced.
        }

        @Override
        public MemorySegment memory() {
            return memory;
        }

        @Override
        public void force(long offset, long length) {
            step("force");
            byte[] all = inode.synced.clone();
            MemorySegment.copy(memory, offset, MemorySegment.ofArray(all), offset, length);
            inode.synced = all;
            inode.written = memory.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
