package io.modelward.store.data;

import io.modelward.core.digest.Digest;
import io.modelward.store.blob.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Copies the blobs, the decision records and the secret key of a data directory into another one. Blobs are hashed on
 * their way. A file that is there with the same size was copied by an earlier try.
 */
public final class DirectoryCopy {

    private static final int CHUNK = 1 << 20;
    private static final String UNFINISHED = ".copying";

    private DirectoryCopy() {}

    /**
     * What was copied.
     *
     * @param damaged the names of blobs whose bytes are not those of their name
     */
    public record Result(long files, List<String> damaged) {}

    /** Told how many files are copied. */
    public interface Progress {
        void at(long done, long all);
    }

    /** @param named whether the catalog knows a blob; a damaged blob that nothing names is left behind */
    public static Result copy(DataDirectory from, DataDirectory to, Predicate<Digest> named, Progress progress)
            throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path part : List.of(from.blobs().resolve("sha256"), from.predictions(), from.secretKey())) {
            if (Files.exists(part)) {
                try (Stream<Path> all = Files.walk(part)) {
                    all.filter(Files::isRegularFile).forEach(files::add);
                }
            }
        }
        List<String> damaged = new ArrayList<>();
        long done = 0;
        for (Path file : files) {
            Path target = to.resolve(from.relativize(file));
            boolean there = Files.exists(target) && Files.size(target) == Files.size(file);
            if (!there
                    && !copy(file, target, file.startsWith(from.blobs()))
                    && named.test(Digest.ofHex(file.getFileName().toString()))) {
                damaged.add(file.getFileName().toString());
            }
            done++;
            progress.at(done, files.size());
        }
        syncDirectories(to);
        return new Result(files.size(), damaged);
    }

    /** A name is durable only after its directory is synced. */
    private static void syncDirectories(DataDirectory to) throws IOException {
        for (Path part : List.of(to.blobs(), to.predictions())) {
            if (!Files.exists(part)) {
                continue;
            }
            try (Stream<Path> all = Files.walk(part)) {
                for (Path directory : all.filter(Files::isDirectory).toList()) {
                    sync(directory);
                }
            }
        }
        sync(to.resolve(Path.of("")));
    }

    private static void sync(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Answers whether the bytes are those that the file's name says, if it says any. */
    private static boolean copy(Path file, Path target, boolean blob) throws IOException {
        Files.createDirectories(target.getParent());
        Path unfinished = target.resolveSibling(target.getFileName() + UNFINISHED);
        MessageDigest sha256 = Sha256.start();
        try (InputStream in = Files.newInputStream(file);
                OutputStream out = Files.newOutputStream(unfinished)) {
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
                sha256.update(chunk, 0, n);
                out.write(chunk, 0, n);
            }
        }
        if (blob
                && !HexFormat.of()
                        .formatHex(sha256.digest())
                        .equals(file.getFileName().toString())) {
            Files.delete(unfinished);
            return false;
        }
        try (FileChannel written = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
            written.force(true);
        }
        Files.setPosixFilePermissions(unfinished, Files.getPosixFilePermissions(file));
        Files.setLastModifiedTime(unfinished, Files.getLastModifiedTime(file));
        Files.move(unfinished, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }
}
