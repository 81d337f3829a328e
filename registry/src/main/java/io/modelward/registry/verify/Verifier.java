package io.modelward.registry.verify;

import io.modelward.core.card.Card;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.registry.version.VersionResolver;
import io.modelward.store.blob.BlobCheck;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.Versions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;

/** Hashes stored bytes again: manifests, cards and files. */
public final class Verifier {

    private final Catalog catalog;
    private final BlobStore blobs;
    private final ExecutorService hashers;

    /** @param hashers platform threads, few: hashing must not crowd out other work */
    public Verifier(Catalog catalog, BlobStore blobs, ExecutorService hashers) {
        this.catalog = catalog;
        this.blobs = blobs;
        this.hashers = hashers;
    }

    /**
     * One thing that is not as it was published.
     *
     * @param path the file's, or {@code manifest} or {@code card}
     */
    public record Damage(ModelName model, SemVer version, String path, Digest expected, String what) {}

    /**
     * What was found.
     *
     * @param bytes hashed; a blob that several files share is hashed once
     */
    public record Verification(int versions, int files, long bytes, List<Damage> damaged) {

        public boolean intact() {
            return damaged.isEmpty();
        }
    }

    /** Verifies one version. */
    public Verification version(ModelName model, Selector selector) {
        Versions.Row row = catalog.read(tx -> VersionResolver.resolve(tx, model, selector));
        return verify(List.of(row.summary()));
    }

    /** Verifies a version that is known already, a deleted one too. */
    public Verification version(Versions.Summary version) {
        return verify(List.of(version));
    }

    /** Verifies every version of a model. */
    public Verification model(ModelName model) {
        return verify(catalog.read(
                tx -> tx.versions().list(VersionResolver.requireModel(tx, model).id(), "", Integer.MAX_VALUE)));
    }

    /** Verifies everything. */
    public Verification all() {
        List<Versions.Summary> versions = new ArrayList<>();
        catalog.read(tx -> {
            tx.versions().forEach(versions::add);
            return true;
        });
        return verify(versions);
    }

    private Verification verify(List<Versions.Summary> versions) {
        try {
            Future<Verification> result = hashers.submit(() -> hash(versions));
            return result.get();
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

    private Verification hash(List<Versions.Summary> versions) throws IOException {
        Map<Digest, BlobCheck> checked = new HashMap<>();
        List<Damage> damaged = new ArrayList<>();
        int files = 0;
        for (Versions.Summary summary : versions) {
            Versions.Row row = catalog.read(tx ->
                    tx.versions().find(summary.modelId(), summary.version()).orElseThrow());
            if (!Digest.of(row.manifest().getBytes(StandardCharsets.UTF_8)).equals(summary.digest())) {
                damaged.add(new Damage(
                        summary.model(),
                        summary.version(),
                        "manifest",
                        summary.digest(),
                        "its bytes have another digest"));
                continue;
            }
            Manifest manifest = Manifest.parse(row.manifest().getBytes(StandardCharsets.UTF_8));
            checkCard(row, manifest, damaged);
            for (FileEntry file : manifest.files()) {
                files++;
                BlobCheck check = checked.get(file.sha256());
                if (check == null) {
                    check = blobs.check(file.sha256());
                    checked.put(file.sha256(), check);
                }
                if (!check.intact()) {
                    damaged.add(new Damage(
                            summary.model(),
                            summary.version(),
                            file.path().value(),
                            file.sha256(),
                            check.state() == BlobCheck.State.MISSING
                                    ? "it is missing"
                                    : "its bytes have another digest"));
                }
            }
        }
        long bytes = checked.values().stream().mapToLong(BlobCheck::bytes).sum();
        return new Verification(versions.size(), files, bytes, damaged);
    }

    private static void checkCard(Versions.Row row, Manifest manifest, List<Damage> damaged) {
        Versions.Summary summary = row.summary();
        Digest actual;
        try {
            actual = Card.parse(Json.parse(row.card(), "card")).digest();
        } catch (ProblemException unreadable) {
            actual = Digest.of(new byte[0]);
        }
        if (!actual.equals(manifest.card())) {
            damaged.add(new Damage(
                    summary.model(), summary.version(), "card", manifest.card(), "its bytes have another digest"));
        }
    }
}
