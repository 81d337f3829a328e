package io.modelward.runtime.onnx;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OrtException;
import io.modelward.runtime.Instances;
import io.modelward.runtime.worker.LargeFrames;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A session that is closed while others run it would crash the process; here it ends after the last of them. */
class SessionUseTest {

    private static final int THREADS = 4;

    @TempDir
    Path folder;

    @Test
    void the_last_to_leave_ends_it_and_nobody_enters_afterwards() {
        AtomicInteger ended = new AtomicInteger();
        SessionUse use = new SessionUse(ended::incrementAndGet);
        assertThat(use.enter()).isTrue();
        assertThat(use.enter()).isTrue();
        use.close();
        use.close();
        assertThat(use.enter()).isFalse();
        use.leave();
        assertThat(ended).hasValue(0);
        use.leave();
        assertThat(ended).hasValue(1);
        use.close();
        assertThat(ended).hasValue(1);
    }

    @Test
    void a_graph_that_is_closed_while_threads_run_it_ends_after_them() throws Exception {
        byte[] graph = new GraphFile()
                .input("x", GraphFile.FLOAT, -1, 3)
                .output("y", GraphFile.FLOAT, -1, 3)
                .op("Add", List.of("x", "x"), List.of("y"))
                .toBytes();
        Path file = Files.write(folder.resolve("model.onnx"), graph);
        OnnxGraph.Wanted answer = OnnxGraph.named(List.of("y"));
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            for (int round = 0; round < 50; round++) {
                OnnxGraph open = OnnxGraph.open(file, List.of());
                CountDownLatch running = new CountDownLatch(THREADS);
                List<Future<Integer>> ends = new ArrayList<>();
                for (int i = 0; i < THREADS; i++) {
                    // Each with an encoder of its own is what a model's thread has; here the session itself is shared.
                    Instances rows = new Instances.Values(io.modelward.runtime.JsonColumn.of("[1,2,3]"));
                    ends.add(threads.submit(() -> {
                        int runs = 0;
                        running.countDown();
                        try {
                            while (true) {
                                LargeFrames gate = new LargeFrames();
                                open.run(rows, answer, gate, new AnswerRoom(gate));
                                runs++;
                            }
                        } catch (OrtException closed) {
                            assertThat(closed).hasMessageContaining("closed");
                            return runs;
                        }
                    }));
                }
                running.await();
                Thread.sleep(round % 5);
                open.close();
                for (Future<Integer> end : ends) {
                    end.get(30, TimeUnit.SECONDS);
                }
            }
        }
    }
}
