package io.modelward.cli;

import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** How wide lines may be. A file or a pipe has no limit. */
final class Screen {

    /** Without any limit. */
    static final Screen UNLIMITED = new Screen(OptionalInt::empty);

    private static final int LEAST = 20;

    private final Supplier<OptionalInt> asked;
    private @Nullable OptionalInt columns;

    /** @param asked answers the columns; asked once, when a line is written */
    Screen(Supplier<OptionalInt> asked) {
        this.asked = asked;
    }

    static Screen of(int columns) {
        return new Screen(() -> OptionalInt.of(columns));
    }

    /** The columns of a line, if there is a limit. */
    OptionalInt columns() {
        if (columns == null) {
            columns = asked.get();
        }
        return columns;
    }

    /** Asks again: the user may have made the window narrower. */
    Screen again() {
        return new Screen(asked);
    }

    /** The columns that are left behind an indent. */
    int room(int indent) {
        return columns().isEmpty()
                ? Integer.MAX_VALUE / 2
                : Math.max(LEAST, columns().getAsInt() - indent);
    }

    /** What {@code COLUMNS} asks for; nothing where it is no number of columns. */
    static OptionalInt asked(@Nullable String variable) {
        String text = Optional.ofNullable(variable).orElse("").strip();
        return text.matches("[1-9][0-9]{0,4}")
                ? OptionalInt.of(Math.max(LEAST, Integer.parseInt(text)))
                : OptionalInt.empty();
    }
}
