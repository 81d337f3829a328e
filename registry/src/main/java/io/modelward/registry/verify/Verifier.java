package io.modelward.registry.verify;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.card.Card;
import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.registry.notification.Notices;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.prediction.PredictionLog;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks that everything is as it was written: manifests, cards and files of versions, files of runs and logged models,
 * rows of the catalog that must not change, decision records.
 */
public final class Verifier {

    private static final Logger LOG = LoggerFactory.getLogger(Verifier.class);

    /** Rows or names that are read at once. */
    private static final int SLICE = 500;

    private final Access access;
    private final Catalog catalog;
    private final BlobStore blobs;
    private final PredictionLog log;
    private final ExecutorService hashers;
    private final InstantSource clock;

    /** A verifier by the clock of the system. */
    public Verifier(Access access, Catalog catalog, BlobStore blobs, PredictionLog log, ExecutorService hashers) {
        this(access, catalog, blobs, log, hashers, InstantSource.system());
    }

    /** @param hashers platform threads, few: hashing must not crowd out other work */
    public Verifier(
            Access access,
            Catalog catalog,
            BlobStore blobs,
            PredictionLog log,
            ExecutorService hashers,
            InstantSource clock) {
        this.clock = clock;
        this.access = access;
        this.catalog = catalog;
        this.blobs = blobs;
        this.log = log;
        this.hashers = hashers;
    }

    /** Verifies one version. */
    public Verification version(ModelName model, Selector selector) {
        access.require(Action.READ, new Resource.Model(model));
        PublishedVersion row = catalog.read(tx -> VersionResolver.resolve(tx, model, selector));
        return verify(List.of(row.summary()));
    }

    /** Verifies a version that is known already, a deleted one too. */
    public Verification version(VersionSummary version) {
        access.require(Action.READ, new Resource.Model(version.model()));
        return verify(List.of(version));
    }

    /** Verifies every version of a model. */
    public Verification model(ModelName model) {
        access.require(Action.READ, new Resource.Model(model));
        return verify(catalog.read(
                tx -> tx.versions().list(VersionResolver.requireModel(tx, model).id(), "", Integer.MAX_VALUE)));
    }

    /** Verifies everything. */
    public Verification all() {
        access.require(Action.READ, Resource.REGISTRY);
        return run(found -> {
            rows(found);
            long last = 0;
            for (List<Long> ids = ids(last); !ids.isEmpty(); ids = ids(last)) {
                for (long id : ids) {
                    version(id, found);
                }
                last = ids.getLast();
            }
            artifacts(found);
            records(found);
        });
    }

    private List<Long> ids(long after) {
        return catalog.read(tx -> tx.versions().ids(after, SLICE));
    }

    private Verification verify(List<VersionSummary> versions) {
        return run(found -> {
            for (VersionSummary version : versions) {
                version(version.id(), found);
            }
        });
    }

    /** One part of the work; it reads in slices and holds nothing between them. */
    private interface Work {
        void on(VerificationTally found) throws IOException;
    }

    private Verification run(Work work) {
        try {
            Future<Verification> result = hashers.submit(() -> {
                VerificationTally found = new VerificationTally(blobs);
                work.on(found);
                return found.all();
            });
            Verification verification = result.get();
            if (!verification.intact()) {
                tell(verification);
            }
            return verification;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw ProblemException.conflict("The verification was interrupted.");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw new UncheckedIOException(new IOException(failed.getCause()));
        }
    }

    /** Whoever asked is told by the answer; the others are told by a notice, if one can be kept. */
    private void tell(Verification verification) {
        long damaged = verification.damaged().size() + verification.unnamed();
        Damage first = verification.damaged().getFirst();
        Notice notice = Notice.of(
                        NotificationEvent.VERIFY_DAMAGED,
                        "verify",
                        "A verification found " + damaged + (damaged == 1 ? " thing" : " things") + " damaged",
                        "Run modelward verify to see what, and bring it back from a back-up.",
                        clock.instant(),
                        "/ui/status")
                .fact("First", first.path() + ": " + first.what());
        try {
            Notices.put(catalog, notice);
        } catch (ProblemException away) {
            LOG.warn("nobody can be notified that a verification found damage: {}", away.getMessage());
        }
    }

    private void version(long id, VerificationTally found) throws IOException {
        found.versions++;
        Optional<PublishedVersion> row;
        try {
            row = catalog.read(tx -> tx.versions().find(id));
        } catch (RuntimeException unreadable) {
            if (isOverload(unreadable)) {
                throw unreadable;
            }
            found.add(Damage.row("versions id " + id, "it cannot be read"));
            return;
        }
        if (row.isEmpty()) {
            found.add(Damage.row("versions id " + id, "its model or its state is missing"));
            return;
        }
        VersionSummary summary = row.get().summary();
        byte[] bytes = row.get().documents().manifest().text().getBytes(StandardCharsets.UTF_8);
        if (!Digest.of(bytes).equals(summary.digest())) {
            found.add(Damage.of(summary, "manifest", summary.digest(), Damage.OTHER_BYTES));
            return;
        }
        Manifest manifest;
        try {
            manifest = Manifest.parse(bytes);
        } catch (ProblemException unreadable) {
            found.add(Damage.of(summary, "manifest", summary.digest(), "it cannot be read"));
            return;
        }
        checkCard(row.get(), manifest, found);
        if (isPurged(id)) {
            return;
        }
        for (FileEntry file : manifest.files()) {
            found.files++;
            found.check(file.sha256(), file.size())
                    .ifPresent(what -> found.add(Damage.of(summary, file.path().value(), file.sha256(), what)));
        }
    }

    /** The catalog cannot be read at all now, which says nothing of the row. */
    private static boolean isOverload(RuntimeException failure) {
        return failure instanceof ProblemException known
                && List.of(ProblemType.OVERLOADED, ProblemType.UNAVAILABLE)
                        .contains(known.problem().type());
    }

    private static void checkCard(PublishedVersion row, Manifest manifest, VerificationTally found) {
        Digest actual;
        try {
            actual = Card.parse(row.card()).digest();
        } catch (ProblemException unreadable) {
            actual = Digest.of(new byte[0]);
        }
        if (!actual.equals(manifest.card())) {
            found.add(Damage.of(row.summary(), "card", manifest.card(), Damage.OTHER_BYTES));
        }
    }

    /** A rule deleted the version long ago: its bytes are meant to be gone. */
    private boolean isPurged(long version) {
        return catalog.read(tx -> tx.retention().tombstone(version))
                .flatMap(Tombstone::purgedAt)
                .isPresent();
    }

    private void artifacts(VerificationTally found) throws IOException {
        String last = "";
        while (true) {
            String after = last;
            List<Artifacts.Stored> files = catalog.read(tx -> tx.artifacts().stored(after, SLICE));
            if (files.isEmpty()) {
                return;
            }
            for (Artifacts.Stored file : files) {
                found.artifacts++;
                artifact(file, found);
            }
            last = files.getLast().path();
        }
    }

    private void artifact(Artifacts.Stored file, VerificationTally found) throws IOException {
        Digest digest;
        try {
            digest = Digest.parse(file.sha256());
        } catch (ProblemException | IllegalArgumentException unreadable) {
            found.add(Damage.artifact(file.path(), Optional.empty(), "its row has no digest any more"));
            return;
        }
        Optional<String> what = found.check(digest, file.size());
        if (what.isPresent() && isNamed(file)) {
            found.add(Damage.artifact(file.path(), Optional.of(digest), what.get()));
        }
    }

    /** A file may be replaced or removed while this looks for its bytes. */
    private boolean isNamed(Artifacts.Stored file) {
        return catalog.read(tx -> tx.artifacts().find(new ArtifactPath(file.path())))
                .filter(row -> row.sha256().toString().equals(file.sha256()))
                .isPresent();
    }

    private void rows(VerificationTally found) {
        new RowVerifier(catalog).run(new RowVerifier.Found() {
            @Override
            public void rows(long rows, long unhashed) {
                found.rows += rows;
                found.unhashed += unhashed;
            }

            @Override
            public void damaged(Damage damage) {
                found.add(damage);
            }
        });
    }

    private void records(VerificationTally found) {
        for (int segment : log.segments()) {
            PredictionLog.SegmentCheck check = log.check(segment);
            found.records += check.records();
            found.read(check.bytes());
            check.damaged().forEach(slot -> found.add(Damage.record(segment, slot)));
        }
    }
}
