package io.modelward.runtime.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class BatchTest {

    private static WorkerFrame answer(String column) {
        byte[] raw = column.getBytes(StandardCharsets.UTF_8);
        String head =
                "{\"results\":[{\"rows\":1}],\"columns\":[{\"name\":\"\",\"dtype\":\"json\",\"shape\":[1],\"bytes\":"
                        + raw.length + "}],\"micros\":1}";
        return new WorkerFrame(WorkerFrame.Type.ANSWER, 1, head.getBytes(StandardCharsets.UTF_8), ByteBuffer.wrap(raw));
    }

    @Test
    void an_answer_with_a_value_that_cannot_be_read_fails_its_requests_and_not_the_worker() throws Exception {
        assertThat(Batch.read(answer("[1]"), List.of(1)).results().getFirst().failed())
                .isFalse();
        for (String column :
                List.of("[\"\\ud83d\"]", "[NaN]", "[{\"a\":1,\"a\":2}]", "[1e999]", "[".repeat(70) + "]".repeat(70))) {
            Batch.Answers answer = Batch.read(answer(column), List.of(1));
            assertThat(answer.results().getFirst().error()).as(column).isEqualTo("AnswerValue");
            assertThat(answer.columns()).isEmpty();
        }
    }
}
