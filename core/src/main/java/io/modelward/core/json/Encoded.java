package io.modelward.core.json;

import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A value with the text that it is kept as. The text stays as it was written, since hashes cover it; the value is read
 * from the text when it is first asked for, and once. Two are equal when their texts are. Used by any number of
 * threads.
 */
public final class Encoded<T> {

    private final String text;
    private final Function<String, T> reader;
    private volatile @Nullable T value;

    private Encoded(String text, Function<String, T> reader, @Nullable T value) {
        this.text = text;
        this.reader = reader;
        this.value = value;
    }

    /** A text that is read when its value is asked for. */
    public static <T> Encoded<T> read(String text, Function<String, T> reader) {
        return new Encoded<>(text, reader, null);
    }

    /** A new value, whose text is written now. */
    public static <T> Encoded<T> write(T value, Function<T, String> writer) {
        return new Encoded<>(
                writer.apply(value),
                _ -> {
                    throw new IllegalStateException("the value is there");
                },
                value);
    }

    /** A JSON object that is read when it is asked for. */
    public static Encoded<ObjectNode> object(String text, String field) {
        return read(text, json -> (ObjectNode) Json.parse(json, field));
    }

    public static Encoded<ObjectNode> object(ObjectNode value) {
        return write(value, Json::write);
    }

    /** A JSON array of strings that is read when it is asked for. */
    public static Encoded<List<String>> strings(String text, String field) {
        return read(
                text,
                json -> Json.parse(json, field)
                        .valueStream()
                        .map(item -> item.stringValue(""))
                        .toList());
    }

    public static Encoded<List<String>> strings(List<String> values) {
        return write(List.copyOf(values), all -> {
            ArrayNode array = Json.array();
            all.forEach(array::add);
            return Json.write(array);
        });
    }

    /** As it is kept. */
    public String text() {
        return text;
    }

    /**
     * What the text means. Of a JSON tree this is the tree itself, which nobody changes.
     *
     * @throws io.modelward.core.problem.ProblemException when the text cannot be read
     */
    public T value() {
        T known = value;
        if (known == null) {
            known = reader.apply(text);
            value = known;
        }
        return known;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Encoded<?> that && text.equals(that.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
