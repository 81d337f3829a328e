package io.modelward.store.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.StartRefused;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    private final Disk disk = new LocalDisk(Failpoints.NONE);

    @TempDir
    Path root;

    @Test
    void a_second_server_is_refused_also_when_the_file_lock_of_the_first_was_removed() throws Exception {
        try (DataDirectory first = DataDirectory.open(disk, root)) {
            for (int i = 0; i < 3; i++) {
                assertThatThrownBy(() -> DataDirectory.open(disk, root))
                        .isInstanceOf(StartRefused.class)
                        .hasMessageContaining("in use by another process");
                Files.deleteIfExists(root.resolve("lock"));
            }
            assertThat(first.catalog().getParent()).isEqualTo(root);
        }
        DataDirectory.open(disk, root).close();
        assertThat(root.resolve("lock")).exists();
        assertThat(root.resolve("format")).hasContent("1\n");
    }

    @Test
    void what_is_refused_gives_its_locks_back() throws Exception {
        Files.writeString(root.resolve("format"), "2\n");
        for (int i = 0; i < 2; i++) {
            assertThatThrownBy(() -> DataDirectory.open(disk, root))
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("newer release");
        }
        Files.writeString(root.resolve("format"), "1\n");
        DataDirectory.open(disk, root).close();
    }
}
