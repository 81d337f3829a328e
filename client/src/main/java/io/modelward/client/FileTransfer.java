package io.modelward.client;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.UUID;
import java.util.function.LongConsumer;

/** Moves a file's bytes, and makes sure that they are the right ones. */
final class FileTransfer {

    private static final int CHUNK = 256 * 1024;

    private FileTransfer() {}

    /** The SHA-256 of a file. */
    static Digest digest(Path file, LongConsumer progress) throws IOException {
        MessageDigest sha256 = sha256();
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[CHUNK];
            long done = 0;
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sha256.update(buffer, 0, read);
                done += read;
                progress.accept(done);
            }
        }
        return Digest.ofBytes(sha256.digest());
    }

    /** The value of the header {@code Content-Digest}, RFC 9530. */
    static String contentDigest(Digest digest) {
        return "sha-256=:" + Base64.getEncoder().encodeToString(digest.bytes()) + ":";
    }

    /** A request's body that reads the file while it is sent, with its length announced. */
    static BodyPublisher body(Path file, LongConsumer progress) throws IOException {
        long size = Files.size(file);
        if (size == 0) {
            return BodyPublishers.noBody();
        }
        return BodyPublishers.fromPublisher(
                BodyPublishers.ofInputStream(() -> {
                    try {
                        return new Counted(Files.newInputStream(file), progress);
                    } catch (IOException failure) {
                        throw new UncheckedIOException(failure);
                    }
                }),
                size);
    }

    /** Writes what arrives beside the target, and moves it there once it is whole and what was published. */
    static void receive(
            Http http, HttpResponse<InputStream> response, FileEntry file, Path target, TransferProgress progress)
            throws IOException {
        receive(http, response, target, progress, (size, digest) -> check(file, size, digest));
    }

    /** As above, for what nobody knows the digest of: whole when the connection ended in order. */
    static void receive(Http http, HttpResponse<InputStream> response, Path target) throws IOException {
        receive(http, response, target, TransferProgress.NONE, (_, _) -> {});
    }

    /** Throws when what arrived is not what it should be. */
    private interface Check {
        void arrived(long size, Digest digest);
    }

    private static void receive(
            Http http, HttpResponse<InputStream> response, Path target, TransferProgress progress, Check check)
            throws IOException {
        Path part = directory(target).resolve(".download-" + UUID.randomUUID() + ".part");
        part.toFile().deleteOnExit();
        try (InputStream in = response.body();
                FileChannel out = FileChannel.open(part, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
            MessageDigest sha256 = sha256();
            byte[] buffer = new byte[CHUNK];
            long done = 0;
            for (int read = read(http, in, buffer); read >= 0; read = read(http, in, buffer)) {
                sha256.update(buffer, 0, read);
                ByteBuffer bytes = ByteBuffer.wrap(buffer, 0, read);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                done += read;
                progress.moved(done);
            }
            check.arrived(done, Digest.ofBytes(sha256.digest()));
            out.force(true);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(part);
        }
    }

    private static Path directory(Path target) throws IOException {
        Path directory = target.toAbsolutePath().getParent();
        if (directory == null) {
            throw new IOException("A file cannot be written at " + target);
        }
        return Files.createDirectories(directory);
    }

    /** A failure to read comes from the network, a failure to write from the disk; only here they can be told apart. */
    private static int read(Http http, InputStream in, byte[] buffer) {
        try {
            return in.read(buffer);
        } catch (IOException brokeOff) {
            throw http.unreachable(brokeOff);
        }
    }

    private static void check(FileEntry file, long size, Digest arrived) {
        if (size != file.size() || !arrived.equals(file.sha256())) {
            throw new DamagedDownload("What arrived for " + file.path() + " is not what was published: " + size
                    + " bytes with " + arrived.shortForm() + " instead of " + file.size() + " bytes with "
                    + file.sha256().shortForm() + ". It was thrown away. Run modelward verify.");
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    private static final class Counted extends FilterInputStream {

        private final LongConsumer progress;
        private long done;

        Counted(InputStream in, LongConsumer progress) {
            super(in);
            this.progress = progress;
        }

        @Override
        public int read(byte[] buffer, int offset, int length) throws IOException {
            int read = super.read(buffer, offset, length);
            if (read > 0) {
                done += read;
                progress.accept(done);
            }
            return read;
        }
    }
}
