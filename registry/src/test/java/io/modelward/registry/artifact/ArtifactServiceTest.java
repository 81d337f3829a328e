package io.modelward.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.Actor;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.artifact.ArtifactService.ArtifactUpload;
import io.modelward.store.blob.DiskBlobStore;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.suite.RerunCatalog;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArtifactServiceTest {

    private static final Actor ADA = new Actor("ada", false);

    @TempDir
    Path directory;

    private RerunCatalog catalog;
    private DiskBlobStore blobs;
    private ArtifactService artifacts;

    @BeforeEach
    void open() throws IOException {
        catalog = RerunCatalog.open(directory.resolve("catalog.sqlite"), Failpoints.NONE);
        blobs = new DiskBlobStore(new LocalDisk(Failpoints.NONE), directory.resolve("blobs"));
        artifacts = new ArtifactService(
                new Access(Authorizer.EVERYONE), catalog, blobs, InstantSource.system(), ModelFormats.python());
    }

    @AfterEach
    void close() {
        catalog.close();
    }

    private static ArtifactPath at(String path) {
        return ArtifactPath.parse(path);
    }

    private ArtifactUpload begin(String path, String content) throws IOException {
        ArtifactUpload upload = artifacts.upload(at(path));
        upload.write(ByteBuffer.wrap(content.getBytes(StandardCharsets.UTF_8)));
        return upload;
    }

    private Artifact put(String path, String content) throws IOException {
        try (ArtifactUpload upload = begin(path, content)) {
            return upload.finish();
        }
    }

    private String content(String path) throws IOException {
        Artifact row = artifacts.get(at(path));
        try (var in = artifacts.open(row, 0, row.size())) {
            return new String(in.all(), StandardCharsets.UTF_8);
        }
    }

    private void seal(String folder) {
        catalog.write(tx -> {
            tx.artifacts().seal(new ArtifactSeal(at(folder), "default/iris ordinal 3", Instant.now()));
            return true;
        });
    }

    private static void refused(ProblemType type, String words, ThrowingCallable call) {
        assertThatThrownBy(call).isInstanceOfSatisfying(ProblemException.class, refusal -> {
            assertThat(refusal.problem().type()).isEqualTo(type);
            assertThat(refusal.problem().detail()).contains(words);
        });
    }

    @Test
    void a_file_is_what_was_written_last_and_gone_when_deleted() throws Exception {
        put("1/r/f", "one");
        assertThat(content("1/r/f")).isEqualTo("one");
        put("1/r/f", "two");
        assertThat(content("1/r/f")).isEqualTo("two");
        try (var part = artifacts.open(artifacts.get(at("1/r/f")), 1, 1)) {
            assertThat(part.all()).isEqualTo(new byte[] {'w'});
        }
        artifacts.delete(at("1/r/f"), ADA);
        refused(ProblemType.NOT_FOUND, "no artifact", () -> artifacts.get(at("1/r/f")));
        refused(ProblemType.NOT_FOUND, "no artifact", () -> artifacts.delete(at("1/r/f"), ADA));
        int entries = catalog.read(
                tx -> tx.audit().list(Long.MAX_VALUE, 9, "artifact 1/r/f").size());
        assertThat(entries).isEqualTo(1);
    }

    @Test
    void a_name_is_a_file_or_a_folder() throws Exception {
        put("a/b", "x");
        refused(ProblemType.INVALID, "is a folder", () -> put("a", "x"));
        refused(ProblemType.INVALID, "is a file", () -> put("a/b/c/d", "x"));
        ArtifactUpload begun = begin("n/o/p", "x");
        put("n/o", "x");
        refused(ProblemType.INVALID, "is a file", begun::finish);
    }

    @Test
    void what_is_sealed_is_neither_written_nor_deleted_alone_or_with_what_is_above() throws Exception {
        put("1/r/model/MLmodel", "x");
        put("1/r/model2/MLmodel", "x");
        ArtifactUpload begun = begin("1/r/model/late", "x");
        seal("1/r/model");
        for (String path : new String[] {"1/r/model/MLmodel", "1/r/model/new", "1/r/model/deep/new", "1/r/model"}) {
            refused(ProblemType.CONFLICT, "default/iris ordinal 3", () -> artifacts.upload(at(path)));
            refused(ProblemType.CONFLICT, "Log the model again", () -> artifacts.delete(at(path), ADA));
        }
        refused(ProblemType.CONFLICT, "does not change any more", begun::finish);
        refused(ProblemType.CONFLICT, "1/r/model", () -> artifacts.delete(at("1/r"), ADA));
        refused(ProblemType.CONFLICT, "1/r/model", () -> artifacts.delete(at("1"), ADA));
        assertThat(content("1/r/model/MLmodel")).isEqualTo("x");
        put("1/r/model2/MLmodel", "y");
        artifacts.delete(at("1/r/model2"), ADA);
    }

    @Test
    void housekeeping_keeps_what_an_artifact_names_or_will_name() throws Exception {
        put("kept", "kept");
        put("dropped", "dropped");
        artifacts.delete(at("dropped"), ADA);
        ArtifactUpload begun = begin("late", "other bytes");
        new Housekeeping(catalog, blobs, () -> Instant.now().plus(Duration.ofDays(2))).run();
        assertThat(content("kept")).isEqualTo("kept");
        assertThat(blobs.list(Instant.now().plusSeconds(9))).hasSize(1);
        begun.finish();
        assertThat(content("late")).isEqualTo("other bytes");
    }

    @Test
    void a_blob_that_was_swept_between_writing_and_naming_is_sent_again() throws Exception {
        var stored = blobs.writer();
        stored.write(ByteBuffer.wrap(new byte[] {1}));
        var committed = stored.commit();
        catalog.write(tx -> tx.blobs().condemnStray(committed.digest(), Instant.now()));
        refused(ProblemType.CONFLICT, "Send it again", () -> artifacts.put(at("f"), committed));
        refused(ProblemType.NOT_FOUND, "no artifact", () -> artifacts.get(at("f")));
    }
}
