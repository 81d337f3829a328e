package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.sandbox.Sandbox;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.runtime.sandbox.WorkerDirectories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BuildStepTest {

    @TempDir
    Path directory;

    private @Nullable TemporaryFolder temporary;
    private @Nullable Sandbox sandbox;

    @AfterEach
    void close() throws Exception {
        if (sandbox != null) {
            sandbox.close();
        }
        if (temporary != null) {
            temporary.close();
        }
    }

    private BuildStep step(Duration limit) throws Exception {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        Path home = Files.createDirectory(directory.resolve("home"));
        temporary = TemporaryFolder.open();
        sandbox = Sandbox.open(WorkerLimits.defaults(), temporary);
        int user = sandbox.isolation().buildUser();
        WorkerDirectories.handOver(home, user);
        return new BuildStep(sandbox, user, home, directory.resolve("log"), BuildStep.deadline(limit));
    }

    @Test
    void what_builds_sees_nothing_of_the_servers_environment_and_is_another_user() throws Exception {
        BuildStep step = step(Duration.ofMinutes(1));
        step.run(List.of("sh", "-c", "env; echo user=$(id -u)"), Map.of("PIP_CACHE_DIR", "/c"));
        List<String> said = Files.readAllLines(directory.resolve("log"));
        assertThat(said)
                .allMatch(line ->
                        line.matches("(PATH|HOME|TMPDIR|LANG|PWD|OLDPWD|SHLVL|_|user|PIP_\\w+|\\w*_PROXY|\\w*_proxy"
                                + "|SSL_CERT_\\w+|REQUESTS_CA_BUNDLE)=.*"))
                .contains("HOME=" + directory.resolve("home"), "PIP_CACHE_DIR=/c");
        if (step.user() >= 0) {
            assertThat(said).contains("user=" + step.user());
        }
    }

    @Test
    void what_takes_too_long_is_ended_with_all_that_it_started() throws Exception {
        // No other process of this machine sleeps as long as this one.
        String sleep = "sleep 77." + System.nanoTime();
        BuildStep step = step(Duration.ofSeconds(1));
        CompletableFuture<BuildStep.Failed> ended = CompletableFuture.supplyAsync(() -> catchThrowableOfType(
                BuildStep.Failed.class, () -> step.run(List.of("sh", "-c", sleep + " & " + sleep), Map.of())));
        boolean both = false;
        while (!ended.isDone()) {
            both |= running(sleep) == 2;
            Thread.sleep(10);
        }
        assertThat(both).as("both processes ran").isTrue();
        assertThat(ended.join().late()).isTrue();
        for (int i = 0; i < 100 && running(sleep) > 0; i++) {
            Thread.sleep(20);
        }
        assertThat(running(sleep)).isZero();
    }

    /** Looks at all processes, since one that lost its parent is no descendant of this one any more. */
    private static long running(String command) {
        return ProcessHandle.allProcesses()
                .filter(process -> process.info().commandLine().orElse("").matches("\\S*" + command))
                .count();
    }
}
