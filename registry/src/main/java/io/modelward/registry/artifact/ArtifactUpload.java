package io.modelward.registry.artifact;

import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobWriter;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One artifact on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
public final class ArtifactUpload implements AutoCloseable {

    private final ArtifactService artifacts;
    private final ArtifactPath path;
    private final BlobIntake intake;
    private final BlobWriter blob;

    ArtifactUpload(ArtifactService artifacts, ArtifactPath path, BlobIntake intake) throws IOException {
        this.artifacts = artifacts;
        this.path = path;
        this.intake = intake;
        this.blob = intake.writer();
    }

    public void write(ByteBuffer bytes) throws IOException {
        blob.write(bytes);
    }

    /** Keeps the file; when this returns, it is there whole and stays after a crash. */
    public Artifact finish() throws IOException {
        return artifacts.put(path, intake.keep(blob));
    }

    @Override
    public void close() throws IOException {
        blob.close();
    }
}
