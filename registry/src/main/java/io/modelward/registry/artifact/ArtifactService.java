package io.modelward.registry.artifact;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.audit.Change;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.registry.Actor;
import io.modelward.registry.FileReading;
import io.modelward.registry.Page;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.store.blob.BlobReading;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/**
 * The files that runs and logged models keep with this server. A path may be written again and removed until a folder
 * on its way is sealed, because a registered version is made of what lies there.
 */
public final class ArtifactService {

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final BlobIntake intake;
    private final InstantSource clock;
    private final VersionTree versions;

    /** @param formats say how MLflow's clients load a version */
    public ArtifactService(Access access, Catalog catalog, BlobStore blobs, InstantSource clock, ModelFormats formats) {
        this(access, catalog, blobs, new BlobIntake(catalog, blobs, clock), clock, formats);
    }

    /** As above, with what takes the content in. */
    public ArtifactService(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            BlobIntake intake,
            InstantSource clock,
            ModelFormats formats) {
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.intake = intake;
        this.clock = clock;
        this.versions = new VersionTree(catalog, formats);
    }

    /** Starts to take in a file, unless it can be seen already that it would be refused. */
    public ArtifactUpload upload(ArtifactPath path) throws IOException {
        access.require(Action.TRACK, new Resource.Artifact(path));
        catalog.read(tx -> requireWritable(tx.artifacts(), path));
        return new ArtifactUpload(this, path, intake);
    }

    /** Refuses a path at once when its file would be refused after it has arrived. */
    void requireWritable(ArtifactPath path) {
        catalog.read(tx -> requireWritable(tx.artifacts(), path));
    }

    BlobIntake intake() {
        return intake;
    }

    /** Keeps what has arrived. That takes as long as the caller likes, who may not be allowed to any more. */
    Artifact put(ArtifactPath path, BlobWriter.Stored stored) {
        access.require(Action.TRACK, new Resource.Artifact(path));
        Artifact artifact = new Artifact(path, stored.size(), stored.digest(), clock.instant());
        return catalog.write(tx -> {
            requireWritable(tx.artifacts(), path);
            BlobIntake.name(tx, artifact.sha256(), artifact.size(), artifact.createdAt());
            tx.artifacts().put(artifact);
            return artifact;
        });
    }

    private static boolean requireWritable(Artifacts artifacts, ArtifactPath path) {
        requireNotOfVersions(path);
        artifacts.sealOver(path).ifPresent(seal -> {
            throw sealed(path, seal);
        });
        artifacts.fileAbove(path).ifPresent(file -> {
            throw ProblemException.invalid(
                    "path", Quoted.of(file.value()) + " is a file, so nothing can lie below it. Choose another name.");
        });
        if (path.value().isEmpty() || artifacts.isDirectory(path)) {
            throw ProblemException.invalid(
                    "path", Quoted.of(path.value()) + " is a folder, so it cannot be a file. Choose another name.");
        }
        return true;
    }

    private static void requireNotOfVersions(ArtifactPath path) {
        if (VersionTree.covers(path)) {
            throw ProblemException.conflict(Quoted.of(path.value())
                    + " belongs to published versions, which do not change. Choose another path.");
        }
    }

    private static ProblemException sealed(ArtifactPath path, ArtifactSeal seal) {
        return ProblemException.conflict(Quoted.of(path.value()) + " belongs to " + seal.subject()
                + ", a registered version, and does not change any more. Log the model again and register that.");
    }

    /** The file at a path. */
    public Artifact get(ArtifactPath path) {
        access.require(Action.READ, new Resource.Artifact(path));
        return catalog.read(tx -> tx.artifacts().find(path))
                .or(() -> versions.find(path))
                .orElseThrow(() -> new Resource.Artifact(path).missing());
    }

    /** Opens {@code length} bytes of a file from {@code offset}; wrong bytes never end well. */
    public FileReading open(Artifact artifact, long offset, long length) throws IOException {
        access.require(Action.READ, new Resource.Artifact(artifact.path()));
        Optional<byte[]> made = versions.made(artifact);
        if (made.isPresent()) {
            return new FileReading(BlobReading.of(made.get(), offset, length));
        }
        try {
            return new FileReading(blobs.open(artifact.sha256(), artifact.size(), offset, length));
        } catch (NoSuchFileException missing) {
            if (get(artifact.path()).sha256().equals(artifact.sha256())) {
                throw BlobStore.missing(artifact.sha256());
            }
            throw ProblemException.notFound("The artifact was replaced a moment ago. Ask again.");
        }
    }

    /**
     * The entries of a folder; none for a file, and none where nothing is.
     *
     * @param after the {@code next} of the page before, or empty
     */
    public Page<ArtifactEntry> list(ArtifactPath folder, String after, int size) {
        access.require(Action.READ, new Resource.Artifact(folder));
        if (VersionTree.covers(folder)) {
            List<ArtifactEntry> children = versions.children(folder).stream()
                    .filter(child -> child.key().compareTo(after) > 0)
                    .limit(size + 1L)
                    .toList();
            return Page.of(children, size, ArtifactEntry::key);
        }
        return catalog.read(tx -> Page.of(tx.artifacts().children(folder, after, size + 1), size, ArtifactEntry::key));
    }

    /** Removes a file, or a folder with all that is below it. */
    public void delete(ArtifactPath path, Actor actor) {
        access.require(Action.DELETE, new Resource.Artifact(path));
        Change change = actor.change(clock.instant(), "");
        catalog.write(tx -> {
            requireRemovable(tx.artifacts(), path);
            int files = (tx.artifacts().remove(path) ? 1 : 0) + tx.artifacts().removeBelow(path);
            if (files == 0) {
                throw new Resource.Artifact(path).missing();
            }
            audit(tx, change, path, files);
            return true;
        });
    }

    private static void requireRemovable(Artifacts artifacts, ArtifactPath path) {
        requireNotOfVersions(path);
        if (path.value().isEmpty()) {
            throw ProblemException.invalid("path", "Name the file or folder to remove.");
        }
        artifacts.sealOver(path).or(() -> artifacts.sealWithin(path)).ifPresent(seal -> {
            throw sealed(seal.directory(), seal);
        });
    }

    private static void audit(CatalogTransaction tx, Change change, ArtifactPath path, int files) {
        tx.audit()
                .append(
                        change,
                        "artifact.delete",
                        "artifact " + path,
                        Json.object().put("files", files));
    }

    /** One artifact on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
    public static final class ArtifactUpload implements AutoCloseable {

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
}
