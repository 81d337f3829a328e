package io.modelward.gateway.contract;

import io.modelward.core.memory.Reservation;
import io.modelward.core.signature.RowCheck;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RowReader;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The schema that callers of an endpoint rely on. It checks and reads their rows, and checks the answers. Protocols
 * bring the rows.
 */
public final class Contract {

    private final Signature signature;
    private final RowCheck check;
    private final RowReader reader;
    private final OptionalInt plainWidth;
    private final OutputCheck output;

    public Contract(Signature signature) {
        this.signature = signature;
        this.check = RowCheck.of(signature);
        this.reader = RowReader.of(signature);
        this.plainWidth = plainWidth(signature);
        this.output = new OutputCheck(signature);
    }

    public Signature signature() {
        return signature;
    }

    /**
     * The length of a row that holds plain numbers, without bounds to check; such rows need no JSON tree. Where null may
     * stand for a number, a row without null is as plain.
     */
    private static OptionalInt plainWidth(Signature signature) {
        OptionalInt width = signature.input().width();
        if (!(signature.input().row() instanceof Schema.Arr row) || width.isEmpty()) {
            return OptionalInt.empty();
        }
        for (int i = 0; i < width.getAsInt(); i++) {
            Schema item = row.item(i);
            boolean plain = isPlain(item)
                    || (item instanceof Schema.Union(List<Schema> of)
                            && of.size() == 2
                            && of.stream().anyMatch(Schema.Null.class::isInstance)
                            && of.stream().anyMatch(Contract::isPlain));
            if (!plain) {
                return OptionalInt.empty();
            }
        }
        return width;
    }

    private static boolean isPlain(@Nullable Schema schema) {
        return schema instanceof Schema.Numeric number
                && !number.integer()
                && number.minimum().isEmpty()
                && number.maximum().isEmpty()
                && number.multipleOf().isEmpty();
    }

    /**
     * The length of a row of plain numbers that need no check beyond their length; empty when rows are anything else.
     */
    public OptionalInt plainWidth() {
        return plainWidth;
    }

    /** Checks rows. */
    public RowCheck check() {
        return check;
    }

    /** Makes checked rows the input of a model. */
    public RowReader reader() {
        return reader;
    }

    /**
     * Checks a model's answer.
     *
     * @param outputs the outputs that the caller named; empty when the model chose
     * @throws io.modelward.core.problem.ProblemException MODEL_FAILED when the answer breaks the contract
     */
    public void checkAnswer(Predictions predictions, List<String> outputs, Reservation memory) {
        // A caller who names outputs does not rely on the form of the answer without names.
        if (outputs.isEmpty() || signature.output().orElse(Schema.ANY) instanceof Schema.Obj) {
            output.check(predictions, memory);
        }
    }
}
