package io.modelward.store.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.blob.Sha256;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Optional;

/** Reads the list of files of a backup, file by file, and at its end holds the list to the manifest. */
final class BackupList implements AutoCloseable {

    private final BackupManifest manifest;
    private final MessageDigest sha256 = Sha256.start();
    private final BufferedReader lines;
    private long count;

    BackupList(BackupManifest manifest, InputStream list) {
        this.manifest = manifest;
        this.lines = new BufferedReader(
                new InputStreamReader(new DigestInputStream(list, sha256), StandardCharsets.ISO_8859_1));
    }

    /**
     * The next file; empty at the end.
     *
     * @throws ProblemException of kind INVALID when the list is damaged; files may have been answered before
     */
    Optional<BackupFile> next() throws IOException {
        try {
            Optional<String> line = line();
            if (line.isPresent()) {
                count++;
                return Optional.of(BackupFile.parse(line.get()));
            }
        } catch (SealBroken changed) {
            throw other();
        }
        if (count != manifest.files() || !Digest.ofBytes(sha256.digest()).equals(manifest.list())) {
            throw other();
        }
        return Optional.empty();
    }

    private static ProblemException other() {
        return ProblemException.invalid("files", "The list of files is not the one that the manifest knows.");
    }

    /** Bounded, since a damaged list may have no end of line. */
    private Optional<String> line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            if (c == '\n') {
                return Optional.of(line.toString());
            }
            line.append((char) c);
            if (line.length() > BackupFile.LONGEST_LINE) {
                break;
            }
        }
        if (line.isEmpty()) {
            return Optional.empty();
        }
        throw ProblemException.invalid("files", "The list of files ends within a line.");
    }

    @Override
    public void close() throws IOException {
        lines.close();
    }
}
