package io.modelward.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Access;
import io.modelward.core.access.Authorizer;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.problem.ProblemException;
import io.modelward.registry.Actor;
import io.modelward.store.assembly.Storage;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.backup.BackupWriting;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.failpoint.ScriptedFailpoints;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry is backed up while it works, is lost, and is restored. */
class BackupTest {

    static final Access EVERYONE = new Access(Authorizer.EVERYONE);
    static final Actor ADA = new Actor("ada", false);
    private static final Optional<String> NEWEST = Optional.empty();

    @TempDir
    Path directory;

    static BackupService.Wish into(Object folder) {
        return new BackupService.Wish(Optional.of(folder.toString()), Optional.empty(), false, false);
    }

    private static BackupWriting.Wish writing(String registry) {
        return new BackupWriting.Wish(registry, "1", Instant.now(), Optional.empty(), false);
    }

    private final List<BackupPlace> opened = new ArrayList<>();

    @AfterEach
    void close() throws Exception {
        for (BackupPlace one : List.copyOf(opened).reversed()) {
            one.close();
        }
    }

    private BackupPlace place(String name, long seed, Failpoints failpoints) throws Exception {
        BackupPlace place = new BackupPlace(directory.resolve(name), backupFolder(), seed, failpoints);
        opened.add(place);
        return place;
    }

    private Path backupFolder() {
        return directory.resolve("backups");
    }

    private BackupFolder folder() throws Exception {
        return BackupFolder.open(new LocalDisk(Failpoints.NONE), backupFolder(), Optional.empty());
    }

    private Path scratch() throws Exception {
        return Files.createTempDirectory(directory, "scratch");
    }

    private BackupCheck verify(Optional<String> id) throws Exception {
        BackupFolder folder = folder();
        return new BackupVerifier(new LocalDisk(Failpoints.NONE), scratch())
                .verify(folder, folder.find(id), (done, all) -> {});
    }

    private BackupCheck restore(Optional<String> id, String name, boolean damagedToo) throws Exception {
        BackupFolder folder = folder();
        return new BackupRestorer(new LocalDisk(Failpoints.NONE), scratch())
                .restore(folder, folder.find(id), directory.resolve(name), damagedToo, (done, all) -> {});
    }

    /** What the registry had acknowledged when a backup was asked for. */
    private record Before(
            Map<String, Digest> kept, Map<PredictionId, Digest> predicted, List<AuditEntry> audit, long revision) {}

    private static Before before(BackupPlace place) {
        return new Before(
                Map.copyOf(place.kept),
                Map.copyOf(place.predicted),
                place.catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 100_000, "")),
                place.revision);
    }

    private void drill(long seed, int steps) throws Exception {
        Map<String, Before> acknowledged = new TreeMap<>();
        try (BackupPlace place = place("lost", seed, Failpoints.NONE)) {
            place.move();
            for (int i = 0; i < steps; i++) {
                place.doSomething(i);
                if (i % (steps / 3) == steps / 3 - 1) {
                    Before before = before(place);
                    long number = place.backups.start(into(backupFolder()), ADA).number();
                    // The load does not stop for a backup, and nor do removals.
                    while (place.backups.last().orElseThrow().state() == BackupStatus.State.RUNNING) {
                        place.doSomething(i);
                    }
                    BackupStatus status = place.backups.last().orElseThrow();
                    assertThat(status.state()).as(status.error()).isEqualTo(BackupStatus.State.DONE);
                    assertThat(status.number()).isEqualTo(number);
                    acknowledged.put(status.id().orElseThrow(), before);
                }
            }
        }
        BackupFolder.remove(directory.resolve("lost"));
        assertThat(folder().ids()).hasSize(3).containsAll(acknowledged.keySet());
        for (Map.Entry<String, Before> one : acknowledged.entrySet()) {
            Optional<String> id = Optional.of(one.getKey());
            assertThat(verify(id).damaged()).isEmpty();
            assertThat(restore(id, "restored-" + one.getKey(), false).damaged()).isEmpty();
            holds(one.getKey(), one.getValue());
        }
    }

    private void holds(String id, Before before) throws Exception {
        BackupManifest manifest = folder().manifest(id);
        try (BackupPlace restored = place("restored-" + id, 1, Failpoints.NONE)) {
            assertThat(restored.verify().damaged()).isEmpty();
            List<AuditEntry> audit = restored.catalog.read(tx -> tx.audit().list(Long.MAX_VALUE, 100_000, ""));
            assertThat(audit).endsWith(before.audit().toArray(AuditEntry[]::new));
            assertThat(manifest.audit().orElseThrow().sequence()).isEqualTo(audit.size());
            before.predicted()
                    .forEach((prediction, input) -> assertThat(restored.log
                                    .find(prediction)
                                    .record()
                                    .orElseThrow()
                                    .input())
                            .isEqualTo(input));
            assertThat(restored.revision).isGreaterThanOrEqualTo(before.revision());
            // No record tells of a revision that the restored catalog does not know.
            restored.log
                    .look(
                            Optional.empty(),
                            new io.modelward.store.prediction.PredictionLog.RecordQuery(
                                    Instant.EPOCH, Instant.MAX, record -> record.revision() > restored.revision),
                            10)
                    .found()
                    .forEach(record -> assertThat(record).isNull());
        }
    }

    @Test
    void what_was_acknowledged_before_a_backup_is_there_after_a_restore() throws Exception {
        drill(1, 60);
    }

    @Test
    @Tag("heavy")
    void what_was_acknowledged_before_a_backup_is_there_after_a_restore_many_times() throws Exception {
        for (long seed = 100; seed < 120; seed++) {
            drill(seed, 600);
            try (Stream<Path> all = Files.list(directory)) {
                for (Path one : all.toList()) {
                    BackupFolder.remove(one);
                }
            }
        }
    }

    @Test
    void blobs_that_the_copy_of_the_catalog_names_are_not_removed_while_they_are_copied() throws Exception {
        BackupPlace[] place = new BackupPlace[1];
        boolean[] swept = new boolean[1];
        // When the list of the backup is begun, the catalog is not copied yet; when the first blob is, it is.
        Failpoints sweep = name -> {
            if (name.equals("disk.rename")
                    && place[0] != null
                    && !swept[0]
                    && Thread.currentThread().getName().equals("backup")) {
                swept[0] = true;
                List.copyOf(place[0].kept.keySet())
                        .forEach(path -> place[0].artifacts.delete(ArtifactPath.parse(path), ADA));
                try {
                    place[0].housekeeping.run();
                    place[0].housekeeping.removeCondemned();
                } catch (IOException failure) {
                    throw new java.io.UncheckedIOException(failure);
                }
            }
        };
        place[0] = place("data", 1, sweep);
        for (int i = 0; i < 5; i++) {
            place[0].put("1/run/f" + i, "content " + i);
        }
        BackupStatus status = place[0].backUp();
        assertThat(swept[0]).isTrue();
        assertThat(status.state()).isEqualTo(BackupStatus.State.DONE);
        assertThat(verify(NEWEST).damaged()).isEmpty();
        place[0].housekeeping.run();
        assertThat(place[0].blobs.list(Instant.now().plusSeconds(100)))
                .as("it goes on afterwards")
                .isEmpty();
    }

    @Test
    void a_second_backup_copies_only_what_is_new() throws Exception {
        BackupPlace place = place("data", 1, Failpoints.NONE);
        place.put("1/run/a", "a");
        assertThat(place.backUp().copied()).isEqualTo(1);
        place.put("1/run/b", "bb");
        BackupStatus second = place.backUp();
        assertThat(second.copied()).isEqualTo(1);
        assertThat(second.copiedBytes()).isEqualTo(2);
        assertThat(verify(Optional.of(folder().ids().getFirst())).intact()).isTrue();
        assertThat(verify(NEWEST).intact()).isTrue();
    }

    @Test
    void each_file_of_a_backup_that_is_damaged_or_missing_is_named_and_nothing_is_restored() throws Exception {
        BackupPlace place = place("data", 1, Failpoints.NONE);
        place.put("1/run/a", "a");
        place.move();
        place.predict();
        place.backUp();
        List<Path> files;
        try (Stream<Path> all = Files.walk(backupFolder())) {
            files = all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock") && !file.endsWith("backup.json"))
                    .toList();
        }
        assertThat(files).hasSize(5);
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            String name = backupFolder().relativize(file).toString();
            byte[] other = content.clone();
            other[content.length / 2] ^= 1;
            for (byte[] damaged : new byte[][] {other, java.util.Arrays.copyOf(content, content.length / 2), null}) {
                Files.delete(file);
                if (damaged != null) {
                    Files.write(file, damaged);
                }
                assertThat(verify(NEWEST).damaged())
                        .as(name)
                        .extracting(BackupDamage::path)
                        .contains(name);
                assertThat(restore(NEWEST, "restored", false).intact()).isFalse();
                assertThat(directory.resolve("restored")).doesNotExist();
                assertThat(directory.resolve("restored.restoring")).doesNotExist();
            }
            Files.write(file, content);
        }
        assertThat(verify(NEWEST).intact()).isTrue();
        try (Stream<Path> blobs = Files.walk(backupFolder().resolve("blobs"))) {
            Files.delete(blobs.filter(Files::isRegularFile).findFirst().orElseThrow());
        }
        assertThat(restore(NEWEST, "restored", true).intact()).isFalse();
        try (BackupPlace restored = place("restored", 1, Failpoints.NONE)) {
            assertThat(restored.verify().damaged()).hasSize(1);
        }
    }

    @Test
    void what_a_full_disk_or_a_killed_server_leaves_is_removed_and_earlier_backups_stay() throws Exception {
        boolean[] full = new boolean[1];
        BackupPlace place = place("data", 1, name -> {
            if (full[0] && name.equals("disk.write")) {
                ScriptedFailpoints.parse(name + "=full").pass(name);
            }
        });
        place.put("1/run/a", "a");
        place.backUp();
        place.put("1/run/b", "b");
        full[0] = true;
        BackupStatus failed = place.backUp();
        assertThat(failed.state()).isEqualTo(BackupStatus.State.FAILED);
        assertThat(failed.error()).contains("full").doesNotContain(directory.toString());
        full[0] = false;
        assertThat(backupFolder().resolve("incoming")).doesNotExist();
        assertThat(folder().ids()).hasSize(1);
        Files.createDirectories(backupFolder().resolve("incoming/20260101T000000Z"));
        Files.writeString(backupFolder().resolve("incoming/20260101T000000Z/catalog.sqlite"), "half");
        assertThat(place.backUp().state()).isEqualTo(BackupStatus.State.DONE);
        assertThat(folder().ids()).hasSize(2);
        assertThat(backupFolder().resolve("incoming")).doesNotExist();
        for (String id : folder().ids()) {
            assertThat(verify(Optional.of(id)).intact()).isTrue();
        }
    }

    @Test
    void a_folder_that_is_no_place_for_a_backup_is_refused() throws Exception {
        BackupPlace place = place("data", 1, Failpoints.NONE);
        Files.createDirectories(directory.resolve("full"));
        Files.writeString(directory.resolve("full/letter"), "dear");
        Files.writeString(directory.resolve("file"), "");
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("data"));
        for (String bad : List.of("full", "file", "data", "data/backups", "link/backups", "", "x\u0000y")) {
            assertThatThrownBy(() -> place.backups.start(into(directory + (bad.isEmpty() ? "" : "/" + bad)), ADA))
                    .as(bad)
                    .isInstanceOf(ProblemException.class)
                    .hasMessageNotContaining(directory.toString());
        }
        assertThatThrownBy(() -> place.backups.start(into("here"), ADA)).hasMessageContaining("absolute");
        assertThatThrownBy(() -> place.backups.start(BackupService.Wish.usual(false), ADA))
                .hasMessageContaining("missing");
        place.backUp();
        LocalDisk disk = new LocalDisk(Failpoints.NONE);
        assertThatThrownBy(() -> BackupWriting.begin(disk, backupFolder(), writing("another")))
                .hasMessageContaining("another registry");
        String registry = folder().registry();
        try (BackupWriting _ = BackupWriting.begin(disk, backupFolder(), writing(registry))) {
            assertThatThrownBy(() -> place.backups.start(into(backupFolder()), ADA))
                    .hasMessageContaining("is being made");
        }
        Path header = backupFolder().resolve("backup.json");
        Files.writeString(header, Files.readString(header).replace("\"format\":1", "\"format\":3"));
        assertThatThrownBy(this::folder).hasMessageContaining("newer release");
        assertThatThrownBy(() -> place.backUp()).hasMessageContaining("newer release");
    }

    @Test
    void a_catalog_that_is_in_a_database_is_left_to_others_and_the_rest_is_backed_up() throws Exception {
        BackupPlace place = place("data", 1, Failpoints.NONE);
        place.put("1/run/a", "a");
        place.move();
        place.predict();
        BackupService elsewhere = new BackupService(
                EVERYONE,
                new BackupSource(
                        new LocalDisk(Failpoints.NONE),
                        new Storage(place.catalog, place.blobs, place.log, Failpoints.NONE),
                        directory.resolve("data"),
                        false,
                        place.housekeeping,
                        "1"),
                new BackupSettings(Optional.of(backupFolder()), Optional.empty(), Optional.empty()),
                Instant::now);
        assertThatThrownBy(() -> elsewhere.start(BackupService.Wish.usual(false), ADA))
                .hasMessageContaining("pg_dump");
        assertThatThrownBy(() -> elsewhere.start(
                        new BackupService.Wish(
                                Optional.of(directory.resolve("x").toString()), Optional.empty(), true, false),
                        ADA))
                .hasMessageContaining("below");
        elsewhere.start(BackupService.Wish.usual(true), ADA);
        elsewhere.await();
        assertThat(verify(NEWEST).intact()).isTrue();
        assertThat(restore(NEWEST, "restored", false).intact()).isTrue();
        assertThat(directory.resolve("restored/catalog-elsewhere")).exists();
        assertThat(directory.resolve("restored/catalog.sqlite")).doesNotExist();
        try (Stream<Path> files = Files.walk(directory.resolve("restored"))) {
            assertThat(files.filter(Files::isRegularFile)
                            .map(file -> file.getFileName().toString()))
                    .contains(
                            "segment-000000001",
                            Digest.of("a".getBytes(StandardCharsets.UTF_8)).hex());
        }
    }

    @Test
    void a_restore_takes_no_directory_that_is_used_and_removes_what_a_killed_one_left() throws Exception {
        BackupPlace place = place("data", 1, Failpoints.NONE);
        place.put("1/run/a", "a");
        place.backUp();
        assertThatThrownBy(() -> restore(NEWEST, "data", false)).hasMessageContaining("not empty");
        assertThatThrownBy(() -> restore(NEWEST, "backups", false)).hasMessageContaining("not empty");
        assertThatThrownBy(() -> restore(NEWEST, "backups/data", false)).hasMessageContaining("within");
        DataDirectory.open(new LocalDisk(Failpoints.NONE), directory.resolve("new.restoring"))
                .close();
        Files.writeString(directory.resolve("new.restoring/restoring"), "");
        Files.writeString(directory.resolve("new.restoring/catalog.sqlite"), "half");
        Files.createDirectories(directory.resolve("new"));
        assertThat(restore(NEWEST, "new", false).intact()).isTrue();
        assertThat(directory.resolve("new.restoring")).doesNotExist();
        try (BackupPlace restored = place("new", 1, Failpoints.NONE)) {
            assertThat(restored.verify().artifacts()).isEqualTo(1);
            assertThat(restored.data.registry()).isEqualTo(place.data.registry());
        }
    }

    @Test
    void a_stop_of_the_server_ends_a_backup_and_leaves_nothing_of_it() throws Exception {
        BackupPlace place = place("data", 1, name -> {
            if (name.equals("disk.rename") && Thread.currentThread().getName().equals("backup")) {
                try {
                    TimeUnit.SECONDS.sleep(60);
                } catch (InterruptedException stopped) {
                    Thread.currentThread().interrupt();
                }
            }
        });
        place.put("1/run/a", "a");
        place.backups.start(into(backupFolder()), ADA);
        place.backups.close();
        assertThat(place.backups.last().orElseThrow().state()).isEqualTo(BackupStatus.State.FAILED);
        assertThat(folder().ids()).isEmpty();
        assertThat(backupFolder().resolve("incoming")).doesNotExist();
    }
}
