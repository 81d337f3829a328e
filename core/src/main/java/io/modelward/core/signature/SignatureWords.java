package io.modelward.core.signature;

import java.util.ArrayList;
import java.util.List;

/** A signature in words, a line for each value that a row or an answer has. */
public final class SignatureWords {

    /** Of longer rows the first values are told, and how many more there are. */
    static final int MOST = 300;

    private SignatureWords() {}

    /**
     * A value.
     *
     * @param name of the column or member; empty where values have no names
     * @param kind such as {@code a number or null}
     * @param needed whether a row without the value is refused
     */
    public record Line(String name, String kind, boolean needed) {}

    /** What a row may be; empty when that is not known. */
    public static List<Line> input(Signature signature) {
        if (signature.input().row() instanceof Schema.Any) {
            return List.of();
        }
        return first(lines(signature.input().row(), signature.input().columnNames()));
    }

    /** What an answer is; empty when that is not known. */
    public static List<Line> output(Signature signature) {
        return signature.output().map(schema -> first(lines(schema, List.of()))).orElse(List.of());
    }

    private static List<Line> first(List<Line> lines) {
        if (lines.size() <= MOST) {
            return lines;
        }
        List<Line> some = new ArrayList<>(lines.subList(0, MOST));
        some.add(new Line("", "and " + (lines.size() - MOST) + " more values", false));
        return some;
    }

    private static List<Line> lines(Schema schema, List<String> names) {
        List<Line> lines = new ArrayList<>();
        switch (schema) {
            case Schema.Obj object -> {
                object.properties()
                        .forEach((name, value) -> lines.add(new Line(
                                name, Schemas.words(value), object.required().contains(name))));
                if (!object.closed()) {
                    lines.add(new Line("", "further members: " + Schemas.words(object.additional()), false));
                }
            }
            case Schema.Arr array
            when array.length().isPresent() && array.length().getAsInt() <= 200 -> {
                for (int i = 0; i < array.length().getAsInt(); i++) {
                    lines.add(new Line(
                            i < names.size() ? names.get(i) : Integer.toString(i + 1),
                            Schemas.words(array.item(i)),
                            true));
                }
            }
            case Schema.Arr array ->
                lines.add(new Line("", "an array, each item " + Schemas.words(array.item(0)), true));
            default -> lines.add(new Line("", Schemas.words(schema), true));
        }
        return lines;
    }
}
