package io.modelward.core.signature;

import io.modelward.core.json.JsonPath;
import io.modelward.core.problem.Quoted;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Compares two signatures. Input: the new version must accept all that the old one accepted; an old version that said
 * nothing of its rows, or of the values in them, accepted nothing in particular. Output: all that the new
 * version gives must be something that readers of the old one accept, and no output that was declared may go.
 */
public final class Compatibility {

    private static final String COLUMNS = "input_schema.columns";

    private Compatibility() {}

    public static Comparison compare(Signature old, Signature next) {
        SchemaComparer input = new SchemaComparer(SchemaSide.INPUT);
        List<Finding> findings = new ArrayList<>(columns(old.input(), next.input()));
        rows(old.input(), next.input(), input);
        findings.addAll(input.findings());
        boolean newOutput = output(old.output(), next.output(), findings);
        return new Comparison(findings, input.added(), newOutput);
    }

    /**
     * Whether the new version says what a row is, and the old version did not, or told the length of a row alone. That
     * is no break: what callers sent was looked at by nobody but the model, and whether they sent rows that the new
     * version refuses is not known.
     */
    public static boolean learnt(Input old, Input next) {
        return old.row().equals(Schema.ANY)
                ? !next.row().equals(Schema.ANY)
                : old.row() instanceof Schema.Arr before
                        && next.row() instanceof Schema.Arr after
                        && before.equals(untyped(before))
                        && !after.equals(untyped(after));
    }

    /** An array of the same lengths that takes any items. */
    private static Schema.Arr untyped(Schema.Arr array) {
        return new Schema.Arr(List.of(), Schema.ANY, array.minItems(), array.maxItems());
    }

    private static void rows(Input old, Input next, SchemaComparer comparer) {
        String path = SchemaSide.INPUT.field();
        if (learnt(old, next)) {
            comparer.learnt(path, "the new version says what a row is; the old version did not");
            if (old.row() instanceof Schema.Arr before && next.row() instanceof Schema.Arr after) {
                comparer.compare(before, untyped(after), path);
            }
        } else if (next.row().equals(Schema.ANY) && !old.row().equals(Schema.ANY)) {
            comparer.unknown(path, "the new version does not say what a row is");
        } else if (old.row() instanceof Schema.Obj && next.byName() && next.row() instanceof Schema.Arr array) {
            comparer.compare(old.row(), next.named(array), path);
        } else {
            comparer.compare(old.row(), next.row(), path);
        }
    }

    /** Whoever sends arrays relies on the order of columns, whoever sends objects on their names. */
    private static List<Finding> columns(Input old, Input next) {
        if (!old.byName() || !(next.row() instanceof Schema.Arr)) {
            return List.of();
        }
        if (next.columnNames().isEmpty()) {
            return List.of(new Finding(ChangeImpact.BREAKING, COLUMNS, "the columns have no names any more"));
        }
        for (int i = 0;
                i < Math.min(old.columnNames().size(), next.columnNames().size());
                i++) {
            String before = old.columnNames().get(i);
            String after = next.columnNames().get(i);
            if (!before.equals(after)) {
                String what = SchemaComparer.change(Quoted.of(before), Quoted.of(after));
                return List.of(new Finding(ChangeImpact.BREAKING, JsonPath.item(COLUMNS, i), what));
            }
        }
        return List.of();
    }

    private static boolean output(Optional<Schema> old, Optional<Schema> next, List<Finding> findings) {
        String path = SchemaSide.OUTPUT.field();
        if (old.isPresent() && next.isPresent()) {
            SchemaComparer comparer = new SchemaComparer(SchemaSide.OUTPUT);
            comparer.compare(old.get(), next.get(), path);
            findings.addAll(comparer.findings());
            return comparer.added();
        }
        if (old.isPresent()) {
            findings.add(new Finding(ChangeImpact.UNKNOWN, path, "the new version does not say what it gives"));
        } else if (next.isPresent()) {
            findings.add(new Finding(ChangeImpact.COMPATIBLE, path, "the new version says what it gives"));
            return true;
        }
        return false;
    }
}
