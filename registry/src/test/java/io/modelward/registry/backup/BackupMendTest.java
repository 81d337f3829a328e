package io.modelward.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.digest.Digest;
import io.modelward.store.assembly.Storage;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is damaged, foreign, or of another history of the registry. */
class BackupMendTest extends BackupDrill {

    private static Path blob(Path root, String content) {
        String hex = Digest.of(content.getBytes(StandardCharsets.UTF_8)).hex();
        return root.resolve("blobs/sha256/" + hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex);
    }

    @Test
    void a_segment_of_another_history_is_not_taken_for_one_of_the_same_number_and_size() throws Exception {
        BackupPlace first = place("first", Failpoints.NONE);
        first.move();
        String before = first.backUp().id().orElseThrow();
        first.fillSegment();
        String one = first.backUp().id().orElseThrow();
        assertThat(restore(before, "second").damaged()).isEmpty();
        BackupPlace second = place("second", Failpoints.NONE);
        second.fillSegment();
        assertThat(Files.size(directory.resolve("second/predictions/segment-000000001")))
                .isEqualTo(Files.size(directory.resolve("first/predictions/segment-000000001")));
        String other = second.backUp().id().orElseThrow();

        assertThat(verify(one).damaged()).isEmpty();
        assertThat(verify(other).damaged()).isEmpty();
        assertThat(restore(other, "restored-second").damaged()).isEmpty();
        assertThat(restore(one, "restored-first").damaged()).isEmpty();
        for (String name : new String[] {"first", "second"}) {
            BackupPlace of = name.equals("first") ? first : second;
            BackupPlace restored = place("restored-" + name, Failpoints.NONE);
            of.predicted.forEach((prediction, input) -> assertThat(
                            restored.log.find(prediction).record().orElseThrow().input())
                    .isEqualTo(input));
        }
    }

    @Test
    void a_shared_segment_that_was_damaged_is_put_in_order_for_all_backups() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        place.move();
        place.fillSegment();
        String first = place.backUp().id().orElseThrow();
        assertThat(place.backUp().copied()).as("the open segment alone").isEqualTo(1);
        flip(backupFolder().resolve("predictions/segment-000000001"), 5000);
        assertThat(verify(first).damaged()).extracting(BackupDamage::path).contains("predictions/segment-000000001");
        place.backUp();
        assertThat(verify(first).damaged()).isEmpty();
        assertThat(verifyNewest().damaged()).isEmpty();
    }

    @Test
    void a_damaged_blob_of_the_right_size_is_copied_again_by_a_backup_that_checks() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        place.put("1/run/a", "content");
        String first = place.backUp().id().orElseThrow();
        flip(blob(backupFolder(), "content"), 2);
        assertThat(verify(first).damaged())
                .extracting(BackupDamage::path)
                .containsExactly(backupFolder()
                        .relativize(blob(backupFolder(), "content"))
                        .toString());
        BackupStatus checked = place.backUp(
                new BackupService.Wish(Optional.of(backupFolder().toString()), Optional.empty(), false, true));
        assertThat(checked.copied()).isEqualTo(1);
        assertThat(verify(first).damaged()).isEmpty();
        assertThat(verifyNewest().damaged()).isEmpty();
    }

    @Test
    void what_no_backup_made_is_never_removed() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        Path letter = directory.resolve("theirs/incoming/letter");
        Files.createDirectories(letter.getParent());
        Files.writeString(letter, "dear");
        assertThatThrownBy(() -> place.backUp(BackupTest.into(directory.resolve("theirs"))))
                .hasMessageContaining("no backup made");
        assertThat(letter).exists();
        assertThat(directory.resolve("theirs/lock")).doesNotExist();

        place.backUp();
        for (String name : new String[] {"incoming/letter", "incoming/20260101T000000Z/letter", "incoming"}) {
            Path own = backupFolder().resolve(name);
            Files.createDirectories(own.getParent());
            Files.writeString(own, "dear");
            assertThatThrownBy(place::backUp).as(name).hasMessageContaining("no backup made");
            assertThat(own).hasContent("dear");
            Files.delete(own);
            Files.deleteIfExists(backupFolder().resolve("incoming/20260101T000000Z"));
            Files.deleteIfExists(backupFolder().resolve("incoming"));
        }
        Files.createSymbolicLink(backupFolder().resolve("incoming"), directory.resolve("theirs"));
        assertThatThrownBy(place::backUp).hasMessageContaining("no backup made");
        assertThat(letter).exists();
        Files.delete(backupFolder().resolve("incoming"));

        DataDirectory.open(new LocalDisk(Failpoints.NONE), directory.resolve("new.restoring"))
                .close();
        Files.writeString(directory.resolve("new.restoring/catalog.sqlite"), "somebody restored to this name");
        assertThatThrownBy(() -> restoreNewest("new")).hasMessageContaining("which no restore left");
        assertThat(directory.resolve("new.restoring/catalog.sqlite")).exists();
        assertThat(directory.resolve("new")).doesNotExist();
    }

    @Test
    void a_restore_to_a_link_or_through_one_into_the_backups_is_refused_at_once() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        place.backUp();
        Files.createDirectories(directory.resolve("empty"));
        Files.createSymbolicLink(directory.resolve("link"), directory.resolve("empty"));
        Files.createSymbolicLink(directory.resolve("dangling"), directory.resolve("nowhere"));
        for (String name : new String[] {"link", "dangling"}) {
            assertThatThrownBy(() -> restoreNewest(name)).as(name).hasMessageContaining("--to names a link");
            assertThat(directory.resolve(name)).isSymbolicLink();
        }
        assertThat(directory.resolve("nowhere")).doesNotExist();
        Files.createSymbolicLink(directory.resolve("way"), backupFolder());
        assertThatThrownBy(() -> restoreNewest("way/data")).hasMessageContaining("within");
    }

    @Test
    void a_backup_that_ends_with_an_error_says_so_and_the_next_one_begins() throws Exception {
        boolean[] broken = new boolean[1];
        BackupPlace place = place("data", name -> {
            if (broken[0] && name.equals("disk.rename")) {
                throw new StackOverflowError("as a library may throw it");
            }
        });
        place.put("1/run/a", "a");
        place.backUp();
        place.put("1/run/b", "b");
        broken[0] = true;
        BackupStatus failed = place.backUp();
        assertThat(failed.state()).isEqualTo(BackupStatus.State.FAILED);
        assertThat(failed.error()).contains("The log of the server says why.");
        broken[0] = false;
        assertThat(place.backUp().state()).isEqualTo(BackupStatus.State.DONE);
        assertThat(verifyNewest().damaged()).isEmpty();
    }

    @Test
    void a_backup_without_a_catalog_restores_what_a_copy_of_the_database_between_two_backups_names() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        BackupService elsewhere = new BackupService(
                BackupTest.EVERYONE,
                new BackupSource(
                        new LocalDisk(Failpoints.NONE),
                        new Storage(place.catalog, place.blobs, place.log, Failpoints.NONE),
                        directory.resolve("data"),
                        false,
                        place.housekeeping,
                        "1"),
                new BackupSettings(Optional.of(backupFolder()), Optional.empty(), Optional.empty()),
                Instant::now);
        for (int i = 0; i < 20; i++) {
            place.put("1/run/early" + i, "early " + i);
        }
        elsewhere.start(BackupService.Wish.usual(true), BackupTest.ADA);
        elsewhere.await();
        place.put("1/run/b", "late");
        // Here the database is copied: it names the early blobs and the late one.
        for (int i = 0; i < 20; i += 2) {
            place.artifacts.delete(ArtifactPath.parse("1/run/early" + i), BackupTest.ADA);
        }
        place.housekeeping.run();
        assertThat(blob(directory.resolve("data"), "early 0")).doesNotExist();
        elsewhere.start(BackupService.Wish.usual(true), BackupTest.ADA);
        elsewhere.await();

        assertThat(verifyNewest().damaged()).isEmpty();
        assertThat(restoreNewest("restored").damaged()).isEmpty();
        for (int i = 0; i < 20; i++) {
            assertThat(blob(directory.resolve("restored"), "early " + i)).hasContent("early " + i);
        }
        assertThat(blob(directory.resolve("restored"), "late")).hasContent("late");
        flip(blob(backupFolder(), "early 0"), 0);
        assertThat(verifyNewest().damaged())
                .extracting(BackupDamage::path)
                .containsExactly(backupFolder()
                        .relativize(blob(backupFolder(), "early 0"))
                        .toString());
    }
}
