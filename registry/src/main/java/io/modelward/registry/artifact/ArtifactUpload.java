package io.modelward.registry.artifact;

import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Artifacts;
import java.io.IOException;
import java.nio.ByteBuffer;

/** One artifact on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
public final class ArtifactUpload implements AutoCloseable {

    private final ArtifactService artifacts;
    private final ArtifactPath path;
    private final BlobWriter blob;

    ArtifactUpload(ArtifactService artifacts, ArtifactPath path, BlobWriter blob) {
        this.artifacts = artifacts;
        this.path = path;
        this.blob = blob;
    }

    public void write(ByteBuffer bytes) throws IOException {
        blob.write(bytes);
    }

    /** Keeps the file; when this returns, it is there whole and stays after a crash. */
    public Artifacts.Row finish() throws IOException {
        return artifacts.put(path, blob.commit());
    }

    @Override
    public void close() throws IOException {
        blob.close();
    }
}
