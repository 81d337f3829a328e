package io.modelward.core.search;

import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRange;
import java.util.List;

/** One condition of a filter. All clauses of a filter must hold. */
public record Clause(Field field, Test test) {

    /** How two values are compared. */
    public enum Comparison {
        EQUAL("="),
        NOT_EQUAL("!="),
        BELOW("<"),
        AT_MOST("<="),
        ABOVE(">"),
        AT_LEAST(">=");

        private final String sign;

        Comparison(String sign) {
            this.sign = sign;
        }

        /** As filters write it. */
        public String sign() {
            return sign;
        }
    }

    /** What is asked of the field's value. A value that is absent passes {@link Absent} only. */
    public sealed interface Test {

        /** Without its negation: what must not hold where this one does. Only texts are negated. */
        default Test positive() {
            return switch (this) {
                case Text text -> new Text(true, text.value());
                case In in -> new In(in.values(), false);
                default -> this;
            };
        }
    }

    public record Number(Comparison comparison, double value) implements Test {}

    /** A whole number, which a double would round. */
    public record Whole(Comparison comparison, long value) implements Test {}

    /** Equal or not. */
    public record Text(boolean equal, String value) implements Test {}

    /** {@code %} stands for any characters and {@code _} for one. */
    public record Like(String pattern, boolean anyCase) implements Test {}

    public record In(List<String> values, boolean negated) implements Test {}

    /** A version's number, by precedence. */
    public record Numbered(Comparison comparison, SemVer version) implements Test {}

    /** A version's number in a range. */
    public record Within(VersionRange range) implements Test {}

    /** {@code IS NULL}, or {@code IS NOT NULL} when negated. */
    public record Absent(boolean negated) implements Test {}
}
