package io.modelward.core.signature;

import io.modelward.core.json.JsonPath;
import io.modelward.core.problem.ProblemException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Checks the rows of a request against a signature before any model sees them. */
public final class RowCheck {

    private final Input input;
    private final Schema byName;
    private final String field;
    private final boolean formats;

    private RowCheck(Input input, String field) {
        this.input = input;
        this.field = field;
        this.formats = FormatCheck.concerns(input.row());
        this.byName = input.byName() && input.row() instanceof Schema.Arr array ? input.named(array) : Schema.NOTHING;
    }

    public static RowCheck of(Signature signature) {
        return of(signature.input(), "instances");
    }

    static RowCheck of(Input input, String field) {
        return new RowCheck(input, field);
    }

    /**
     * Refuses a row that the signature does not accept, under a field such as {@code instances[3][2]} or
     * {@code instances[3].sepal_length}. The value itself is never repeated.
     *
     * @param index the place of the row in the request
     */
    public void check(JsonNode row, int index) {
        Supplier<String> path = () -> JsonPath.item(field, index);
        Schema expected = input.byName() && row.isObject() ? byName : input.row();
        @Nullable Violation wrong = SchemaCheck.check(expected, row, path);
        if (wrong == null && formats) {
            wrong = FormatCheck.check(expected, row, path);
        }
        if (wrong != null) {
            throw ProblemException.refused(wrong.path(), wrong.path() + " " + wrong.what() + ".");
        }
    }
}
