package io.modelward.runtime;

import io.modelward.core.digest.Digest;
import io.modelward.core.format.ReadableFiles;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.Signature;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.Objects;

/**
 * A version as a runtime needs it.
 *
 * @param reference {@code namespace/name@version}
 * @param files the version's files
 * @param opener reads a file's bytes; they are checked against their digest where they are copied
 * @param evaluate whether the server may evaluate the version itself
 */
public record ModelSource(
        String reference, Digest digest, List<FileEntry> files, Opener opener, Signature signature, boolean evaluate)
        implements ReadableFiles {

    private static final int CHUNK = 256 << 10;

    /** A version that the server may evaluate itself. */
    public ModelSource(String reference, Digest digest, List<FileEntry> files, Opener opener, Signature signature) {
        this(reference, digest, files, opener, signature, true);
    }

    /** Opens the bytes of one file. */
    @FunctionalInterface
    public interface Opener {
        InputStream open(FileEntry file) throws IOException;
    }

    /** The same version, which stays in its worker. */
    public ModelSource inWorker() {
        return new ModelSource(reference, digest, files, opener, signature, false);
    }

    @Override
    public byte[] read(FileEntry file, int most) {
        try (InputStream in = opener.open(file)) {
            return in.readNBytes(most);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Copies all files into a directory. Bytes that differ from the published bytes never reach the code that loads
     * models.
     *
     * @throws InterruptedIOException when the thread is interrupted: copying may take minutes, and whoever waits for
     *     the end of the thread does not
     */
    public void copyTo(Path directory) throws IOException {
        for (FileEntry file : files) {
            Path target = directory.resolve(file.path().value());
            Files.createDirectories(Objects.requireNonNull(target.getParent()));
            try (InputStream in = opener.open(file);
                    OutputStream out = Files.newOutputStream(target);
                    DigestOutputStream hashed = new DigestOutputStream(out, sha256())) {
                copy(in, hashed);
                if (!Digest.ofBytes(hashed.getMessageDigest().digest()).equals(file.sha256())) {
                    throw Problem.of(
                                    ProblemType.INTERNAL,
                                    "The stored file " + file.path() + " of " + reference
                                            + " is damaged. Run modelward verify.")
                            .exception();
                }
            }
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        byte[] chunk = new byte[CHUNK];
        for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("the version is not wanted any more");
            }
            out.write(chunk, 0, n);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
