package io.modelward.store.disk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class EarlySyncTest {

    private final List<String> done = new ArrayList<>();
    private final Queue<Runnable> behind = new ArrayDeque<>();
    private boolean failing;
    private final DiskFile file = new DiskFile() {
        @Override
        public void write(ByteBuffer bytes) {
            done.add("write " + bytes.remaining());
            bytes.position(bytes.limit());
        }

        @Override
        public void sync() throws IOException {
            done.add("sync");
            if (failing) {
                throw new IOException("the disk is gone");
            }
        }

        @Override
        public void close() {
            done.add("close");
        }
    };
    private final EarlySync early = new EarlySync(file, 10, behind::add);

    private void write(int bytes) throws IOException {
        early.write(ByteBuffer.allocate(bytes));
    }

    @Test
    void what_is_short_is_synced_once_at_the_end() throws IOException {
        write(9);
        early.sync();
        early.close();
        assertThat(behind).isEmpty();
        assertThat(done).containsExactly("write 9", "sync", "close");
    }

    @Test
    void a_long_file_is_synced_by_another_thread_one_sync_at_a_time_and_at_the_end() throws IOException {
        write(9);
        write(9);
        write(30);
        assertThat(behind).as("the first sync has not run yet").hasSize(1);
        behind.remove().run();
        write(1);
        assertThat(behind).as("what came meanwhile is due").hasSize(1);
        behind.remove().run();
        early.sync();
        assertThat(done).containsExactly("write 9", "write 9", "write 30", "sync", "write 1", "sync", "sync");
    }

    @Test
    void a_sync_that_failed_behind_is_thrown_and_never_tried_again() throws IOException {
        failing = true;
        write(10);
        behind.remove().run();
        failing = false;
        assertThatThrownBy(early::sync).isInstanceOf(IOException.class).hasMessage("the disk is gone");
        assertThatThrownBy(early::sync).isInstanceOf(IOException.class);
        assertThatThrownBy(() -> write(10)).isInstanceOf(IOException.class);
        early.close();
        assertThat(done).containsExactly("write 10", "sync", "write 10", "close");
    }
}
