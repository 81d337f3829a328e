package io.modelward.runtime.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.runtime.WorkerLimits;
import io.modelward.runtime.job.JobRunner.Ended;
import io.modelward.runtime.job.JobRunner.How;
import io.modelward.runtime.job.JobRunner.Input;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every runner of jobs does. */
@Tag("process")
abstract class JobRunnerSuite {

    private static final WorkerLimits LIMITS = new WorkerLimits(1L << 30, 64L << 20, 10_000, 64);
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    abstract JobRunner runner();

    /** Whether a run has files of its own, held to a limit by the system. */
    abstract boolean holdsFiles();

    private int number;

    private JobRunner.Task task(String script, Duration timeout, String... command) throws IOException {
        byte[] code = zip(Map.of("train.py", script, "lib/helper.py", "WORD = 'helped'\n"));
        return new JobRunner.Task(
                "run-" + ++number,
                List.of(command),
                List.of(input(Input.CODE, code), input("data.csv", "a,b\n1,2\n".getBytes(StandardCharsets.UTF_8))),
                List.of(),
                List.of(),
                Map.of("COLOUR", "blue", "KEY", "a-secret-text"),
                Set.of("a-secret-text"),
                LIMITS,
                timeout,
                folder.resolve("log-" + number));
    }

    private static Input input(String name, byte[] bytes) {
        return new Input(name, bytes.length, () -> new ByteArrayInputStream(bytes));
    }

    private static byte[] zip(Map<String, String> files) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (Map.Entry<String, String> file : files.entrySet()) {
                zip.putNextEntry(new ZipEntry(file.getKey()));
                zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
            }
        }
        return bytes.toByteArray();
    }

    private record Done(Ended end, String log) {}

    private Done run(JobRunner.Task task) throws Exception {
        Ended end = runner().start(task).ended().get(90, TimeUnit.SECONDS);
        return new Done(end, Files.readString(task.log(), StandardCharsets.ISO_8859_1));
    }

    private Done run(String script) throws Exception {
        return run(task(script, LONG, "python3", "train.py", "fast"));
    }

    @Test
    void a_command_finds_its_code_its_data_its_variables_and_the_client_and_nothing_of_the_server() throws Exception {
        Done done = run("""
                import os, sys, modelward
                from lib.helper import WORD
                print(WORD, sys.argv[1:], open('data.csv').read().split(), os.environ['COLOUR'], modelward.__version__)
                print(sorted(name for name in os.environ if name.startswith('SURE') or 'JAVA' in name))
                open('written', 'w').write('here')
                """);
        assertThat(done.end().how()).isEqualTo(How.EXITED);
        assertThat(done.end().code()).isEqualTo(OptionalInt.of(0));
        assertThat(done.log())
                .contains("helped ['fast'] ['a,b', '1,2'] blue 0.")
                .contains("\n[]\n");
        assertThat(done.end().packages()).anyMatch(line -> line.startsWith("python==3."));
    }

    @Test
    void an_exit_code_is_told_and_a_command_that_does_not_exist_is_named() throws Exception {
        assertThat(run("raise SystemExit(7)").end().code()).isEqualTo(OptionalInt.of(7));
        Done none = run(task("", LONG, "trian"));
        assertThat(none.end().code()).isEqualTo(OptionalInt.of(127));
        assertThat(none.end().words()).contains("There is no command \"trian\"");
        Done killed = run("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)");
        assertThat(killed.end().words()).contains("signal 11");
        Done own = run("raise SystemExit(200)");
        assertThat(own.end().words()).isEqualTo("The command ended with exit code 200.");
    }

    @Test
    void a_command_that_ignores_its_end_and_all_that_it_started_are_ended_at_the_time_limit() throws Exception {
        String script = """
                import os, signal, subprocess, sys, time
                signal.signal(signal.SIGTERM, signal.SIG_IGN)
                if os.fork() == 0:
                    os.setsid()
                    if os.fork() == 0:
                        time.sleep(600)
                print('begun', flush=True)
                time.sleep(600)
                """;
        Done done = run(task(script, Duration.ofSeconds(2), "python3", "train.py"));
        assertThat(done.end().how()).isEqualTo(How.TIMED_OUT);
        assertThat(done.end().words()).contains("time limit of 2s");
        assertThat(done.log()).contains("begun");
        assertThat(leftOver()).isEmpty();
    }

    /** The processes of runs that are still there. */
    abstract List<Long> leftOver();

    @Test
    void a_run_is_stopped_and_says_why() throws Exception {
        JobRunner.Task task =
                task("import time; print('begun', flush=True); time.sleep(600)", LONG, "python3", "train.py");
        JobRunner.Running running = runner().start(task);
        for (int look = 0;
                look < 600
                        && !(Files.exists(task.log())
                                && Files.readString(task.log()).contains("begun"));
                look++) {
            TimeUnit.MILLISECONDS.sleep(50);
        }
        running.stop("a newer run takes its place");
        Ended end = running.ended().get(30, TimeUnit.SECONDS);
        assertThat(end.how()).isEqualTo(How.STOPPED);
        assertThat(end.words()).isEqualTo("The run was ended: a newer run takes its place.");
        assertThat(leftOver()).isEmpty();
    }

    @Test
    void secrets_are_masked_also_where_they_are_written_in_pieces() throws Exception {
        Done done = run("""
                import os, sys, time
                key = os.environ['KEY']
                print('whole', key)
                for piece in key:
                    sys.stdout.write(piece); sys.stdout.flush(); time.sleep(0.005)
                print()
                print('x' * 70000 + key + 'y' * 70000)
                """);
        assertThat(done.log())
                .doesNotContain("a-secret-text")
                .contains("whole ***")
                .contains("x***y");
    }

    @Test
    void of_much_output_the_beginning_and_the_end_are_kept() throws Exception {
        Done done = run("""
                print('the beginning')
                for _ in range(100):
                    print('.' * 100_000)
                print('the end')
                """);
        assertThat(done.end().how()).isEqualTo(How.EXITED);
        assertThat(done.log().length()).isBetween(JobLog.HEAD, JobLog.HEAD + JobLog.TAIL + 200);
        assertThat(done.log())
                .startsWith("the beginning")
                .contains("bytes of the output are left out")
                .contains("the end");
    }

    @Test
    void a_command_that_never_stops_writing_is_ended() throws Exception {
        Done done = run("while True: print('.' * 1_000_000)");
        assertThat(done.end().how()).isEqualTo(How.LIMITED);
        assertThat(done.end().words()).contains("256 MiB of output");
    }

    @Test
    void a_command_that_takes_too_much_memory_is_ended_and_told_of_its_own_limit() throws Exception {
        // None of the processes takes too much for itself.
        Done done = run("""
                import os, time
                os.fork(), os.fork()
                held = b'x' * (400 << 20)
                time.sleep(60)
                """);
        assertThat(done.end().how()).isEqualTo(How.LIMITED);
        assertThat(done.end().words()).isEqualTo("The run was ended: it took more than its memory of 1 GiB.");
    }

    @Test
    void a_command_that_fills_the_disk_fails_within_its_own_limit() throws Exception {
        Done done = run("""
                with open('big', 'wb') as file:
                    for _ in range(200):
                        file.write(bytes(1 << 20))
                """);
        if (holdsFiles()) {
            assertThat(done.end().code()).isEqualTo(OptionalInt.of(1));
            assertThat(done.log()).contains("No space left on device");
        } else {
            assertThat(done.end().code()).isNotEqualTo(OptionalInt.of(0));
        }
    }

    @Test
    void files_that_cannot_be_laid_out_are_told_of() throws Exception {
        byte[] damaged = zip(Map.of("train.py", "x = 1\n".repeat(1000)));
        // After the header and the name: a block of a kind that does not exist.
        damaged[30 + "train.py".length()] = (byte) 0xFF;
        Map<String, byte[]> archives = Map.of(
                "File is not a zip file", "no archive".getBytes(StandardCharsets.UTF_8), "invalid block type", damaged);
        for (Map.Entry<String, byte[]> archive : archives.entrySet()) {
            JobRunner.Task whole = task("", LONG, "python3", "train.py");
            JobRunner.Task broken = new JobRunner.Task(
                    whole.id(),
                    whole.command(),
                    List.of(input(Input.CODE, archive.getValue())),
                    List.of(),
                    List.of(),
                    Map.of(),
                    Set.of(),
                    LIMITS,
                    LONG,
                    whole.log());
            Done done = run(broken);
            assertThat(done.end().code()).isEqualTo(OptionalInt.of(JobPrograms.NO_FILES));
            assertThat(done.end().words()).contains("could not be laid out");
            assertThat(done.log()).contains(archive.getKey());
        }
    }
}
