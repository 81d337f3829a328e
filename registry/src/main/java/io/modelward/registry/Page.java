package io.modelward.registry;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Part of a list.
 *
 * @param next the token of the part after this one; empty at the end
 */
public record Page<T>(List<T> items, Optional<String> next) {

    /** Cuts a page of {@code size} out of a list that was read with one item more, to know whether there is more. */
    public static <T> Page<T> of(List<T> oneMore, int size, Function<T, String> key) {
        if (oneMore.size() <= size) {
            return new Page<>(oneMore, Optional.empty());
        }
        List<T> items = List.copyOf(oneMore.subList(0, size));
        return new Page<>(items, Optional.of(key.apply(items.getLast())));
    }
}
