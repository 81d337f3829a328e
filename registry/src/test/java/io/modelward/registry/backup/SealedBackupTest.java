package io.modelward.registry.backup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.backup.BackupKey;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.backup.BackupFolder;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A registry whose backups are encrypted. */
class SealedBackupTest extends BackupDrill {

    private static final String SECRET = "the weights of a model that nobody else may read";

    @BeforeEach
    void makeKey() throws Exception {
        key = Optional.of(writeKey("key", 1));
    }

    private BackupKey writeKey(String name, int first) throws Exception {
        byte[] secret = new byte[BackupKey.BYTES];
        secret[0] = (byte) first;
        BackupKey made = BackupKey.of(secret);
        Files.writeString(directory.resolve(name), made.text());
        allow(name, "rw-------");
        return made;
    }

    private void allow(String name, String rights) throws Exception {
        Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(rights));
    }

    private BackupService.Wish with(String keyName) {
        return new BackupService.Wish(
                Optional.of(backupFolder().toString()),
                Optional.of(directory.resolve(keyName).toString()),
                false,
                false);
    }

    private BackupPlace filled() throws Exception {
        BackupPlace place = place("data", Failpoints.NONE);
        place.put("1/run/a", SECRET);
        place.move();
        place.fillSegment();
        Files.writeString(directory.resolve("data/secret-key"), "thirty-two bytes that seal hooks");
        return place;
    }

    private List<Path> files() throws Exception {
        try (Stream<Path> all = Files.walk(backupFolder())) {
            return all.filter(Files::isRegularFile)
                    .filter(file -> !file.endsWith("lock") && !file.endsWith("backup.json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void an_encrypted_backup_restores_with_its_key_and_tells_nothing_without() throws Exception {
        BackupPlace place = filled();
        BackupStatus made = place.backUp(with("key"));
        assertThat(made.state()).as(made.error()).isEqualTo(BackupStatus.State.DONE);
        assertThat(made.encrypted()).isTrue();
        assertThat(files()).hasSize(7);
        for (Path file : files()) {
            String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
            assertThat(text)
                    .as(file.toString())
                    .startsWith("MWSEAL1\n")
                    .doesNotContain("weights", "SQLite", "MWPLOG", "seal hooks", "snapshots/", "audit");
        }
        assertThat(directory.resolve("data/backing-up")).doesNotExist();

        BackupCheck found = verifyNewest();
        assertThat(found.damaged()).isEmpty();
        assertThat(found.records()).isEqualTo(place.predicted.size());
        assertThat(found.rows()).isPositive();
        assertThat(restoreNewest("restored").damaged()).isEmpty();
        assertThat(directory.resolve("restored/secret-key")).hasContent("thirty-two bytes that seal hooks");
        BackupPlace restored = place("restored", Failpoints.NONE);
        assertThat(restored.verify().damaged()).isEmpty();
        assertThat(restored.verify().artifacts()).isEqualTo(1);
        place.predicted.forEach((prediction, input) -> assertThat(
                        restored.log.find(prediction).record().orElseThrow().input())
                .isEqualTo(input));
    }

    @Test
    void a_second_encrypted_backup_copies_only_what_is_new() throws Exception {
        BackupPlace place = filled();
        place.backUp(with("key"));
        Path segment = backupFolder().resolve("predictions/segment-000000001");
        byte[] shared = Files.readAllBytes(segment);
        place.put("1/run/b", "bb");
        BackupStatus second = place.backUp(with("key"));
        assertThat(second.copied()).as("the blob and the open segment").isEqualTo(2);
        assertThat(Files.readAllBytes(segment)).isEqualTo(shared);
        for (String id : folder().ids()) {
            assertThat(verify(id).damaged()).isEmpty();
        }
    }

    @Test
    void a_wrong_or_a_missing_key_is_told_and_encrypted_and_other_backups_never_share_a_folder() throws Exception {
        BackupPlace place = filled();
        place.backUp(with("key"));
        writeKey("other", 2);
        assertThatThrownBy(() -> place.backUp(with("other"))).hasMessageContaining("The key is not the one");
        assertThatThrownBy(place::backUp).hasMessageContaining("are encrypted");
        key = Optional.empty();
        assertThatThrownBy(this::folder).hasMessageContaining("are encrypted");
        assertThat(BackupFolder.look(new LocalDisk(Failpoints.NONE), backupFolder(), key)
                        .ids())
                .hasSize(1);
        key = Optional.of(writeKey("other", 2));
        assertThatThrownBy(this::folder).hasMessageContaining("The key is not the one");

        Path plain = directory.resolve("plain");
        place.backUp(BackupTest.into(plain));
        assertThatThrownBy(() -> place.backUp(new BackupService.Wish(
                        Optional.of(plain.toString()),
                        Optional.of(directory.resolve("key").toString()),
                        false,
                        false)))
                .hasMessageContaining("not encrypted");
        key = Optional.of(writeKey("key", 1));
        // Somebody who puts other backups in the place of encrypted ones is found out.
        assertThatThrownBy(() -> BackupFolder.open(new LocalDisk(Failpoints.NONE), plain, key))
                .hasMessageContaining("not encrypted");
        Path header = backupFolder().resolve("backup.json");
        String written = Files.readString(header);
        Files.writeString(header, written.replace(folder().registry(), "another"));
        assertThatThrownBy(this::folder).hasMessageContaining("The key is not the one");
        Files.writeString(header, written.replace("AES-256-GCM", "ROT13"));
        assertThatThrownBy(this::folder).hasMessageContaining("damaged");
        Files.writeString(header, written);
        assertThat(verifyNewest().damaged()).isEmpty();
    }

    @Test
    void each_encrypted_file_that_is_damaged_cut_off_or_in_anothers_place_is_named() throws Exception {
        BackupPlace place = filled();
        place.put("1/run/b", SECRET.replace("read", "look"));
        place.backUp(with("key"));
        List<Path> files = files();
        for (Path file : files) {
            byte[] content = Files.readAllBytes(file);
            byte[] changed = content.clone();
            changed[content.length / 2] ^= 1;
            Path other = files.get(file.equals(files.getFirst()) ? 1 : 0);
            for (byte[] damaged : new byte[][] {changed, Files.readAllBytes(other)}) {
                Files.write(file, damaged);
                String name = backupFolder().relativize(file).toString();
                assertThat(verifyNewest().damaged())
                        .as(name)
                        .extracting(BackupDamage::path)
                        .contains(name);
                assertThat(restoreNewest("restored").intact()).isFalse();
                assertThat(directory.resolve("restored")).doesNotExist();
            }
            Files.write(file, content);
        }
        assertThat(verifyNewest().damaged()).isEmpty();
        Digest digest = Digest.of(SECRET.getBytes(StandardCharsets.UTF_8));
        flip(file(backupFolder(), digest.hex()), -1);
        place.backUp(new BackupService.Wish(
                Optional.of(backupFolder().toString()),
                Optional.of(directory.resolve("key").toString()),
                false,
                true));
        assertThat(verifyNewest().damaged()).isEmpty();
    }

    @Test
    void a_key_that_lies_open_or_with_the_backups_or_is_none_is_refused() throws Exception {
        BackupPlace place = filled();
        for (String rights : new String[] {"rw----r--", "rw-----w-"}) {
            allow("key", rights);
            assertThatThrownBy(() -> place.backUp(with("key"))).hasMessageContaining("chmod 600");
        }
        allow("key", "rw-r-----");
        assertThat(place.backUp(with("key")).encrypted()).isTrue();
        Files.copy(directory.resolve("key"), backupFolder().resolve("key"));
        assertThatThrownBy(() -> place.backUp(with("backups/key"))).hasMessageContaining("protects nothing");
        for (String bad : new String[] {"", "c2hvcnQ=", "not Base64 at all!", "x".repeat(5000)}) {
            Files.writeString(directory.resolve("bad"), bad);
            allow("bad", "rw-------");
            assertThatThrownBy(() -> place.backUp(with("bad")))
                    .isInstanceOf(ProblemException.class)
                    .hasMessageContaining("no key of backups")
                    .hasMessageNotContaining(directory.toString());
        }
        assertThatThrownBy(() -> place.backUp(with("nothing"))).hasMessageContaining("is not there");
        assertThatThrownBy(() -> place.backUp(with("data"))).hasMessageContaining("no key of backups");
        assertThatThrownBy(() -> place.backUp(new BackupService.Wish(
                        Optional.of(backupFolder().toString()), Optional.of("key"), false, false)))
                .hasMessageContaining("absolute path");
    }
}
