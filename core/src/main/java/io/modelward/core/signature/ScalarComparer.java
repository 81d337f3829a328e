package io.modelward.core.signature;

import io.modelward.core.json.JsonPath;
import io.modelward.core.signature.Schema.Bound;
import java.math.BigDecimal;
import java.util.Optional;
import java.util.OptionalInt;

/** The comparison of numbers and of strings. */
final class ScalarComparer {

    private final SchemaComparer comparer;
    private final boolean input;

    ScalarComparer(SchemaComparer comparer) {
        this.comparer = comparer;
        this.input = comparer.role() == SchemaSide.INPUT;
    }

    void numbers(Schema.Numeric old, Schema.Numeric next, String path) {
        Schema.Numeric narrow = input ? old : next;
        Schema.Numeric wide = input ? next : old;
        if (wide.integer()
                && !narrow.integer()
                && !narrow.multipleOf().map(ScalarComparer::whole).orElse(false)) {
            comparer.changed(path, old, next);
        }
        if (beyond(narrow.minimum(), wide.minimum(), 1)) {
            comparer.breaking(JsonPath.member(path, "minimum"), change(bound(old.minimum()), bound(next.minimum())));
        }
        if (beyond(narrow.maximum(), wide.maximum(), -1)) {
            comparer.breaking(JsonPath.member(path, "maximum"), change(bound(old.maximum()), bound(next.maximum())));
        }
        wide.multipleOf().ifPresent(unit -> multiple(narrow, unit, old, next, JsonPath.member(path, "multipleOf")));
    }

    /**
     * Whether the narrow bound lets through what the wide one does not; {@code sign} 1 for the least, -1 for the
     * largest.
     */
    private static boolean beyond(Optional<Bound> narrow, Optional<Bound> wide, int sign) {
        if (wide.isEmpty()) {
            return false;
        }
        if (narrow.isEmpty()) {
            return true;
        }
        int order =
                sign * Integer.signum(narrow.get().value().compareTo(wide.get().value()));
        return order < 0
                || (order == 0 && wide.get().exclusive() && !narrow.get().exclusive());
    }

    private void multiple(
            Schema.Numeric narrow, BigDecimal unit, Schema.Numeric old, Schema.Numeric next, String path) {
        Optional<BigDecimal> own =
                narrow.multipleOf().or(() -> narrow.integer() ? Optional.of(BigDecimal.ONE) : Optional.empty());
        String what = change(text(old.multipleOf()), text(next.multipleOf()));
        if (own.isEmpty()) {
            comparer.breaking(path, what);
        } else if (own.get().remainder(unit).signum() != 0) {
            boolean endless = narrow.minimum().isEmpty() || narrow.maximum().isEmpty();
            if (endless && (!narrow.integer() || whole(own.get()))) {
                comparer.breaking(path, what);
            } else {
                comparer.unknown(path, what);
            }
        }
    }

    private static boolean whole(BigDecimal number) {
        return number.stripTrailingZeros().scale() <= 0;
    }

    void texts(Schema.Text old, Schema.Text next, String path) {
        Schema.Text narrow = input ? old : next;
        Schema.Text wide = input ? next : old;
        if (narrow.minLength() < wide.minLength()) {
            comparer.breaking(
                    JsonPath.member(path, "minLength"),
                    change(String.valueOf(old.minLength()), String.valueOf(next.minLength())));
        }
        if (narrow.maxLength().orElse(Integer.MAX_VALUE) > wide.maxLength().orElse(Integer.MAX_VALUE)) {
            comparer.breaking(
                    JsonPath.member(path, "maxLength"), change(text(old.maxLength()), text(next.maxLength())));
        }
        if (wide.pattern().isPresent() && !wide.pattern().equals(narrow.pattern())) {
            restriction(narrow.pattern().isPresent(), JsonPath.member(path, "pattern"));
        }
        if (wide.format().isPresent() && !wide.format().equals(narrow.format())) {
            restriction(narrow.format().isPresent(), JsonPath.member(path, "format"));
        }
    }

    private void restriction(boolean differs, String path) {
        if (differs) {
            comparer.unknown(path, "was changed; whether that matters cannot be decided");
        } else {
            comparer.breaking(path, input ? "was not asked for, is now" : "was promised, is no longer");
        }
    }

    private static String bound(Optional<Bound> bound) {
        return bound.map(b -> (b.exclusive() ? "beyond " : "") + b.value()).orElse("none");
    }

    private static String text(Optional<BigDecimal> value) {
        return value.map(BigDecimal::toString).orElse("none");
    }

    private static String text(OptionalInt value) {
        return value.isPresent() ? String.valueOf(value.getAsInt()) : "none";
    }

    private static String change(String old, String next) {
        return SchemaComparer.change(old, next);
    }
}
