package io.modelward.runtime.portable;

import io.modelward.evaluator.Answer;
import io.modelward.runtime.JsonColumn;
import io.modelward.runtime.OutputColumn;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Makes the columns of an answer of what an evaluator answers. */
final class AnswerColumns {

    private final Map<String, String> quoted = new HashMap<>();

    /** @param names of the outputs */
    AnswerColumns(List<String> names) {
        names.forEach(name -> quoted.put(name, OutputColumn.quote(name)));
    }

    List<OutputColumn> of(List<Answer> answers) {
        if (answers.size() == 1) {
            return List.of(column(answers.getFirst()));
        }
        List<OutputColumn> columns = new ArrayList<>(answers.size());
        for (Answer answer : answers) {
            columns.add(column(answer));
        }
        return columns;
    }

    private OutputColumn column(Answer answer) {
        String name = quoted.getOrDefault(answer.name(), "\"\"");
        return switch (answer.data()) {
            case Answer.Data.Doubles(double[] items) -> {
                ByteBuffer data = room(8 * items.length);
                for (int i = 0; i < items.length; i++) {
                    data.putDouble(8 * i, items[i]);
                }
                yield new OutputColumn.Dense(name, OutputColumn.Type.DOUBLE, answer.shape(), data);
            }
            case Answer.Data.Longs(long[] items) -> {
                ByteBuffer data = room(8 * items.length);
                for (int i = 0; i < items.length; i++) {
                    data.putLong(8 * i, items[i]);
                }
                yield new OutputColumn.Dense(name, OutputColumn.Type.LONG, answer.shape(), data);
            }
            case Answer.Data.Booleans(boolean[] items) -> {
                ByteBuffer data = room(items.length);
                for (int i = 0; i < items.length; i++) {
                    data.put(i, (byte) (items[i] ? 1 : 0));
                }
                yield new OutputColumn.Dense(name, OutputColumn.Type.BOOLEAN, answer.shape(), data);
            }
            case Answer.Data.Texts(byte[][] rows) -> {
                JsonColumn.Builder values = new JsonColumn.Builder();
                for (byte[] row : rows) {
                    values.add(row);
                }
                yield new OutputColumn.Values(name, values.build());
            }
        };
    }

    private static ByteBuffer room(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
