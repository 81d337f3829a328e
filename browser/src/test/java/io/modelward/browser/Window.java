package io.modelward.browser;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A visit that several tests share: opened at the first of them, and at the page that a test asks for. */
final class Window implements AutoCloseable {

    private final Shared shared;
    private final Supplier<Exhibit> exhibit;
    private final Look look;
    private @Nullable Visit visit;
    private @Nullable PageRow open;

    Window(Shared shared, Supplier<Exhibit> exhibit, Look look) {
        this.shared = shared;
        this.exhibit = exhibit;
        this.look = look;
    }

    /** The visit with this page open. */
    Visit at(PageRow row) {
        if (visit == null) {
            visit = shared.visit(exhibit.get(), look);
        }
        if (!row.equals(open)) {
            open = null;
            visit.open(row, exhibit.get());
            open = row;
        }
        return visit;
    }

    @Override
    public void close() {
        if (visit != null) {
            visit.close();
        }
    }
}
