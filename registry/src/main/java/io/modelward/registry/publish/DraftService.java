package io.modelward.registry.publish;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.draft.Draft;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.registry.model.ModelNames;
import io.modelward.registry.publish.TrainingRuns.TrainingRun;
import io.modelward.registry.webhook.Events;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.blob.BlobWriter;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;

/** Takes in content before it is published. */
public final class DraftService {

    private static final Duration LIFE = Duration.ofHours(24);

    private final Access access;
    private final Catalog catalog;
    private final BlobIntake blobs;
    private final InstantSource clock;
    private final RandomGenerator random;
    private final TrainingRuns trainings;

    /** @param random unguessable: who knows a draft's id may write to it */
    public DraftService(Access access, Catalog catalog, BlobStore blobs, InstantSource clock, RandomGenerator random) {
        this(access, catalog, new BlobIntake(catalog, blobs, clock), clock, random);
    }

    /** As above, with what takes the content in. */
    public DraftService(Access access, Catalog catalog, BlobIntake blobs, InstantSource clock, RandomGenerator random) {
        this(access, catalog, blobs, clock, random, TrainingRuns.NONE);
    }

    /**
     * As above, with all parts.
     *
     * @param trainings knows which callers are runs of training jobs
     */
    public DraftService(
            Access access,
            Catalog catalog,
            BlobIntake blobs,
            InstantSource clock,
            RandomGenerator random,
            TrainingRuns trainings) {
        this.trainings = trainings;
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.clock = clock;
        this.random = random;
    }

    /** A draft and its files. */
    public record DraftView(Draft draft, ModelName model, List<FileEntry> files) {}

    /** Starts a draft. The first one makes the model's name; a run of a training job makes none. */
    public DraftView create(ModelName model, Actor actor) {
        access.requireToMake(Action.PUBLISH, new Resource.Model(model));
        byte[] id = new byte[16];
        random.nextBytes(id);
        Change change = actor.change(clock.instant(), "");
        // Transactions have threads of their own, which know no caller.
        Optional<TrainingRun> training = Access.caller().flatMap(trainings::of);
        return catalog.write(tx -> {
            training.ifPresent(run -> run.requireOwn(tx, model));
            RegisteredModel of = tx.models().find(model).orElseGet(() -> {
                RegisteredModel made = ModelNames.create(tx, model, "", change);
                Events.modelCreated(tx, made, change);
                return made;
            });
            Draft row = new Draft(
                    HexFormat.of().formatHex(id),
                    of.id(),
                    change.at(),
                    change.at().plus(LIFE),
                    actor.name(),
                    OptionalLong.empty());
            tx.drafts().insert(row);
            return new DraftView(row, of.name(), List.of());
        });
    }

    public DraftView get(String id) {
        access.require(Action.PUBLISH, new Resource.Draft(id));
        return catalog.read(tx -> view(tx, require(tx, id, clock.instant())));
    }

    static DraftView view(CatalogTransaction tx, Draft row) {
        return new DraftView(row, requireModel(tx, row).name(), tx.drafts().files(row.id()));
    }

    static RegisteredModel requireModel(CatalogTransaction tx, Draft row) {
        return tx.models()
                .find(row.model())
                .filter(RegisteredModel::active)
                .orElseThrow(() ->
                        ProblemException.notFound("The model of this draft was deleted meanwhile. Start a new draft."));
    }

    /** Forgets a draft. To forget a draft again changes nothing. */
    public void delete(String id) {
        access.require(Action.PUBLISH, new Resource.Draft(id));
        catalog.write(tx -> {
            tx.drafts().delete(id);
            return true;
        });
    }

    /** Starts to take in one file of an open draft. */
    public DraftUpload upload(String id, FilePath path) throws IOException {
        access.require(Action.PUBLISH, new Resource.Draft(id));
        catalog.read(tx -> requireOpen(tx, id, clock.instant()));
        return new DraftUpload(this, id, path, blobs);
    }

    /** Keeps what has arrived. That takes as long as the caller likes, who may not be allowed to any more. */
    void put(String id, FileEntry file) {
        access.require(Action.PUBLISH, new Resource.Draft(id));
        Instant now = clock.instant();
        catalog.write(tx -> {
            requireOpen(tx, id, now);
            BlobIntake.name(tx, file.sha256(), file.size(), now);
            tx.drafts().putFile(id, file);
            return true;
        });
    }

    static Draft requireOpen(CatalogTransaction tx, String id, Instant now) {
        Draft row = require(tx, id, now);
        if (row.published().isPresent()) {
            throw ProblemException.conflict(
                    "This draft is published; its files cannot change any more. Start a new one.");
        }
        return row;
    }

    static Draft require(CatalogTransaction tx, String id, Instant now) {
        return tx.drafts()
                .find(id)
                .filter(row -> row.expiresAt().isAfter(now))
                .orElseThrow(() -> new Resource.Draft(id).missing());
    }

    /** One file on its way in. Used by one thread at a time; closing without {@link #finish} forgets it. */
    public static final class DraftUpload implements AutoCloseable {

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
}
