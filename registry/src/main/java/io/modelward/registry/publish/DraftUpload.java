package io.modelward.registry.publish;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Optional;

/** One file on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
public final class DraftUpload implements AutoCloseable {

    private final DraftService drafts;
    private final String draft;
    private final FilePath path;
    private final BlobIntake intake;
    private final BlobWriter blob;

    DraftUpload(DraftService drafts, String draft, FilePath path, BlobIntake intake) throws IOException {
        this.drafts = drafts;
        this.draft = draft;
        this.path = path;
        this.intake = intake;
        this.blob = intake.writer();
    }

    public void write(ByteBuffer bytes) throws IOException {
        blob.write(bytes);
    }

    /**
     * Keeps the file.
     *
     * @param expected what the sender says its digest is
     * @throws ProblemException when the bytes that arrived have another digest
     */
    public FileEntry finish(Optional<Digest> expected) throws IOException {
        if (expected.isPresent() && !expected.get().equals(blob.digest())) {
            throw ProblemException.invalid(
                    "Content-Digest",
                    "The bytes that arrived have the digest " + blob.digest()
                            + ", not the one announced. Send the file again.");
        }
        BlobWriter.Stored stored = intake.keep(blob);
        FileEntry file = new FileEntry(path, stored.size(), stored.digest());
        drafts.put(draft, file);
        return file;
    }

    @Override
    public void close() throws IOException {
        blob.close();
    }
}
