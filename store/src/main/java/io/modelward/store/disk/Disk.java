package io.modelward.store.disk;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * The few things that a store does to a file system, named so that a crash or an error can be put at each of them.
 *
 * <p>What the steps promise, as POSIX has it: bytes written are durable only after {@link DiskFile#sync()}; a new name,
 * made by {@link #create}, {@link #link} or {@link #rename}, is durable only after {@link #syncDirectory} on its
 * directory.
 */
public interface Disk {

    /** Creates the directory and its parents where missing, and makes each new name durable. */
    default void createDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory.getParent();
        if (parent != null) {
            createDirectories(parent);
        }
        try {
            createDirectory(directory);
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(directory)) {
                throw raced;
            }
        }
        // Also after a lost race: the winner may not have synced the name yet, and our caller is about to rely on it.
        if (parent != null) {
            syncDirectory(parent);
        }
    }

    /** @throws java.nio.file.FileAlreadyExistsException when the name is taken */
    void createDirectory(Path directory) throws IOException;

    /** @throws java.nio.file.FileAlreadyExistsException when the name is taken */
    DiskFile create(Path file) throws IOException;

    /**
     * Gives an existing file a second name.
     *
     * @throws java.nio.file.FileAlreadyExistsException when the name is taken: a link never overwrites
     */
    void link(Path name, Path existing) throws IOException;

    /** Moves a file onto a name within one directory, replacing what was there, in one step. */
    void rename(Path from, Path to) throws IOException;

    /** Deletes the file if it is there. */
    void delete(Path file) throws IOException;

    /** Takes the end of a file away. After a power loss it has the old or the new length. */
    default void shorten(Path file, long size) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(size);
            channel.force(true);
        }
    }

    void syncDirectory(Path directory) throws IOException;

    /** Opens a file for reading. */
    FileChannel read(Path file) throws IOException;

    /** Maps an existing file of {@code size} bytes, so that its bytes can be changed in place. */
    MappedFile map(Path file, long size) throws IOException;
}
