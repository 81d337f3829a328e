package io.modelward.runtime.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.signature.Signature;
import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.FormReader;
import io.modelward.evaluator.value.NumericValue;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.Instances;
import io.modelward.runtime.OutputColumn;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.serving.Engine;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EvaluationProofTest {

    /** Two steps, each of which doubles a number. */
    private static final String FORM = """
            {"form": 1, "library": {}, "model": "M", "input": {"kind": "matrix", "width": 1},
             "nodes": [{"op": "multiply", "in": [0], "by": 2}, {"op": "multiply", "in": [1], "by": 2}],
             "steps": [{"name": "the first step", "method": "transform", "from": 0, "to": 1},
                       {"name": "the second step", "method": "predict", "from": 1, "to": 2}],
             "answers": [{"name": "", "node": 2, "shape": [], "dtype": "f8"}], "columns": []}
            """;

    /** Doubles as the form does, but for one step, which answers zeros. */
    private record Doubling(int wrong) implements Oracle {

        @Override
        public List<Engine.Result> step(int step, List<Value> requests) {
            return requests.stream()
                    .map(rows -> answer(((NumericValue) rows).cells(), step == wrong ? 0 : 2))
                    .toList();
        }

        @Override
        public List<Engine.Result> whole(List<Instances> requests) {
            return requests.stream()
                    .map(rows -> answer(((Instances.Matrix) rows).values(), 4))
                    .toList();
        }

        private static Engine.Result answer(double[] cells, double factor) {
            ByteBuffer data = ByteBuffer.allocate(8 * cells.length).order(ByteOrder.LITTLE_ENDIAN);
            for (double cell : cells) {
                data.putDouble(cell * factor);
            }
            OutputColumn column = new OutputColumn.Dense(
                    "\"\"", OutputColumn.Type.DOUBLE, new int[0], data.flip().order(ByteOrder.LITTLE_ENDIAN));
            return new Engine.Result.Answered(new Predictions(List.of(column), 0, cells.length, 1));
        }
    }

    private static String failure(int wrong, long until) throws Exception {
        Evaluator evaluator = Evaluator.of(
                FormReader.read(FORM.getBytes(StandardCharsets.UTF_8), ByteBuffer.allocate(0), Bounds.USUAL),
                Bounds.USUAL);
        Instances sample = new Instances.Matrix(new double[] {3}, 1, 1);
        WholeProbes nothing =
                new WholeProbes(
                        evaluator, EvaluatorMemory.Ready.of(evaluator), Signature.unknown(), Optional.of(sample)) {
                    @Override
                    Outcome compare(Oracle oracle, AnswerComparison comparison, long untilThen) throws IOException {
                        return new Outcome(0, 0, "");
                    }
                };
        return new EvaluationProof(evaluator, new Doubling(wrong), until)
                .run(nothing)
                .failure();
    }

    @Test
    void a_step_that_differs_is_found_also_when_the_time_is_over() throws Exception {
        for (long until : new long[] {System.nanoTime() - 1, System.nanoTime() + 10_000_000_000L}) {
            assertThat(failure(0, until)).startsWith("the first step");
            assertThat(failure(1, until)).startsWith("the second step");
        }
    }
}
