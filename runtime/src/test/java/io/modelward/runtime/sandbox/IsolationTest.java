package io.modelward.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a server finds out about the platform does not depend on what other servers of the machine do meanwhile. */
@Tag("process")
class IsolationTest {

    @TempDir
    Path folder;

    private static final int STARTS = 10;

    @Test
    void a_server_that_starts_while_another_ends_all_its_workers_finds_the_same_level() throws Exception {
        try (Isolation first = Isolation.probe(folder)) {
            List<Integer> users = first.allUsers();
            assumeThat(first.level().ownUser()).as("the tests run as root").isTrue();
            // Ends all other processes of the first user, thousands of times a second.
            String doomed = Integer.toString(users.getFirst());
            Process ending = new ProcessBuilder(
                            "setpriv",
                            "--reuid",
                            doomed,
                            "--regid",
                            doomed,
                            "--clear-groups",
                            "sh",
                            "-c",
                            "while :; do kill -9 -1 2>/dev/null; done")
                    .start();
            try {
                for (int i = 0; i < STARTS; i++) {
                    try (Isolation other = Isolation.probe(folder)) {
                        assertThat(other.level()).isEqualTo(first.level());
                        assertThat(other.ownDisk()).isEqualTo(first.ownDisk());
                        assertThat(other.allUsers()).doesNotContainAnyElementsOf(users);
                        assertThat(other.allUsers().getFirst())
                                .as("users of the same kind: above those of a machine, where the first has such")
                                .matches(user -> (user > 65_535) == (users.getFirst() > 65_535));
                    }
                }
            } finally {
                ending.destroyForcibly().waitFor();
            }
        }
    }
}
