package io.modelward.core.signature;

import io.modelward.core.json.JsonPath;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Whether one schema accepts all that another does, with an answer in three values: it says compatible only where that
 * is certain.
 *
 * <p>Of old and new, the one whose values must all be accepted is called narrow, the one that must accept them wide:
 * for input the old is narrow, for output the new. Paths and words always speak of old and new.
 */
final class SchemaComparer {

    /**
     * Alternatives within alternatives multiply; beyond this many steps nothing is certain any more. A step is a look
     * at one value.
     */
    private static final long MOST_STEPS = 20_000_000;

    private static final long STEPS_TO_COMPARE = 20;

    private final SchemaSide role;
    private final long[] steps;
    private final List<Finding> findings = new ArrayList<>();
    private boolean added;

    SchemaComparer(SchemaSide role) {
        this(role, new long[1]);
    }

    private SchemaComparer(SchemaSide role, long[] steps) {
        this.role = role;
        this.steps = steps;
    }

    List<Finding> findings() {
        return Collections.unmodifiableList(findings);
    }

    /** Whether there is a new optional input, or a new output. */
    boolean added() {
        return added;
    }

    SchemaSide role() {
        return role;
    }

    void compare(Schema old, Schema next, String path) {
        if (old.equals(next)) {
            return;
        }
        if (exhausted(STEPS_TO_COMPARE)) {
            unknown(path, "the schemas are too complicated to compare");
            return;
        }
        Schema narrow = role == SchemaSide.INPUT ? old : next;
        Schema wide = role == SchemaSide.INPUT ? next : old;
        if (wide.equals(Schema.ANY) || narrow.equals(Schema.NOTHING)) {
            return;
        }
        if (narrow instanceof Schema.Unknown || wide instanceof Schema.Unknown) {
            unknown(path, "cannot be decided: " + change(Schemas.words(old), Schemas.words(next)));
        } else if (narrow instanceof Schema.Choice some) {
            choice(some.values(), wide, old, next, path);
        } else if (narrow instanceof Schema.Union(List<Schema> of)) {
            for (Schema part : of) {
                if (steps[0] <= MOST_STEPS) {
                    oriented(part, wide, path);
                }
            }
        } else if (wide instanceof Schema.Union(List<Schema> of)) {
            anyOf(narrow, of, old, next, path);
        } else if (wide instanceof Schema.Choice) {
            finite(narrow, wide, old, next, path);
        } else {
            sameKind(old, next, path);
        }
    }

    /** Takes so many steps; once they are used up they stay so, and a finding has said it. */
    private boolean exhausted(long more) {
        steps[0] += more;
        return steps[0] > MOST_STEPS;
    }

    private void oriented(Schema narrow, Schema wide, String path) {
        if (role == SchemaSide.INPUT) {
            compare(narrow, wide, path);
        } else {
            compare(wide, narrow, path);
        }
    }

    private void sameKind(Schema old, Schema next, String path) {
        if (old instanceof Schema.Numeric a && next instanceof Schema.Numeric b) {
            new ScalarComparer(this).numbers(a, b, path);
        } else if (old instanceof Schema.Text a && next instanceof Schema.Text b) {
            new ScalarComparer(this).texts(a, b, path);
        } else if (old instanceof Schema.Arr a && next instanceof Schema.Arr b) {
            arrays(a, b, path);
        } else if (old instanceof Schema.Obj a && next instanceof Schema.Obj b) {
            new ObjectComparer(this).objects(a, b, path);
        } else {
            changed(path, old, next);
        }
    }

    private void choice(List<JsonNode> values, Schema wide, Schema old, Schema next, String path) {
        if (exhausted(values.stream().mapToLong(Values::size).sum() * Schemas.size(wide))) {
            unknown(path, "the schemas are too complicated to compare");
            return;
        }
        List<JsonNode> lost = values.stream()
                .filter(value -> !SchemaCheck.accepts(wide, value))
                .toList();
        if (!lost.isEmpty()) {
            boolean enums = old instanceof Schema.Choice && next instanceof Schema.Choice;
            String what = role == SchemaSide.INPUT ? "no longer takes " : "may now give ";
            breaking(enums ? JsonPath.member(path, "enum") : path, what + Values.shown(lost));
        } else if (Schemas.hasUnknown(wide)) {
            unknown(path, "cannot be decided: " + change(Schemas.words(old), Schemas.words(next)));
        }
    }

    /** A schema that is no list of values, against one that is. */
    private void finite(Schema narrow, Schema wide, Schema old, Schema next, String path) {
        List<JsonNode> values = FiniteValues.of(narrow);
        if (values.isEmpty()) {
            changed(path, old, next);
        } else {
            choice(values, wide, old, next, path);
        }
    }

    private void anyOf(Schema narrow, List<Schema> wide, Schema old, Schema next, String path) {
        List<SchemaComparer> trials = new ArrayList<>();
        for (Schema part : wide) {
            boolean mayFit = !Collections.disjoint(Schemas.types(narrow), Schemas.types(part));
            if (mayFit && (trials.isEmpty() || steps[0] <= MOST_STEPS)) {
                SchemaComparer trial = new SchemaComparer(role, steps);
                trial.oriented(narrow, part, path);
                if (trial.certain()) {
                    added |= trial.added;
                    return;
                }
                trials.add(trial);
            }
        }
        List<JsonNode> values = FiniteValues.of(narrow);
        if (!values.isEmpty()) {
            choice(values, new Schema.Union(wide), old, next, path);
        } else if (trials.isEmpty()) {
            changed(path, old, next);
        } else if (trials.size() == 1) {
            findings.addAll(trials.getFirst().findings);
            added |= trials.getFirst().added;
        } else {
            unknown(path, "cannot be decided: " + change(Schemas.words(old), Schemas.words(next)));
        }
    }

    private boolean certain() {
        return findings.stream().allMatch(finding -> finding.verdict() == ChangeImpact.COMPATIBLE);
    }

    private void arrays(Schema.Arr old, Schema.Arr next, String path) {
        Schema.Arr narrow = role == SchemaSide.INPUT ? old : next;
        Schema.Arr wide = role == SchemaSide.INPUT ? next : old;
        int most = narrow.maxItems().orElse(Integer.MAX_VALUE);
        if (narrow.minItems() < wide.minItems() || most > wide.maxItems().orElse(Integer.MAX_VALUE)) {
            breaking(JsonPath.member(path, "length"), change(lengths(old), lengths(next)));
        }
        int tuple = Math.max(old.prefix().size(), next.prefix().size());
        for (int i = 0; i < Math.min(tuple, most); i++) {
            compare(old.item(i), next.item(i), JsonPath.item(JsonPath.member(path, "prefixItems"), i));
        }
        if (most > tuple) {
            compare(old.items(), next.items(), JsonPath.member(path, "items"));
        }
    }

    private static String lengths(Schema.Arr array) {
        if (array.length().isPresent()) {
            return String.valueOf(array.minItems());
        }
        return array.maxItems().isPresent()
                ? array.minItems() + " to " + array.maxItems().getAsInt()
                : "at least " + array.minItems();
    }

    static String change(String old, String next) {
        return "was " + old + ", is " + next;
    }

    void changed(String path, Schema old, Schema next) {
        breaking(path, change(Schemas.words(old), Schemas.words(next)));
    }

    void breaking(String path, String what) {
        findings.add(new Finding(ChangeImpact.BREAKING, path, what));
    }

    void unknown(String path, String what) {
        findings.add(new Finding(ChangeImpact.UNKNOWN, path, what));
    }

    /** What was not known of the old version and is of the new one. */
    void learnt(String path, String what) {
        findings.add(new Finding(ChangeImpact.COMPATIBLE, path, what));
    }

    void added(String path, String what) {
        added = true;
        findings.add(new Finding(ChangeImpact.COMPATIBLE, path, what));
    }

    /** The names in the one and not in the other. */
    static List<String> minus(Set<String> names, Set<String> others) {
        return names.stream().filter(name -> !others.contains(name)).toList();
    }
}
