package io.modelward.runtime.portable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.evaluator.Evaluator;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.Form;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The evaluators that are in memory, within a budget. When the budget is full, those that were asked least recently go
 * first; they come back from their kept forms with the next request. Thousands of small versions may so be served by one
 * server, of which a few hundred are asked at a time.
 */
public final class EvaluatorMemory {

    private final long budget;
    private final FormStore store;

    @GuardedBy("this")
    private final Set<Place> places = new HashSet<>();

    @GuardedBy("this")
    private long used;

    /** @param budget in bytes */
    public EvaluatorMemory(long budget, FormStore store) {
        this.budget = budget;
        this.store = store;
    }

    /** An evaluator with what turns requests into its rows and its answers into columns. */
    record Ready(Evaluator evaluator, FormRows rows, AnswerColumns columns) {

        static Ready of(Evaluator whole) {
            Evaluator evaluator = whole.forAnswers();
            return new Ready(
                    evaluator,
                    new FormRows(evaluator.input()),
                    new AnswerColumns(evaluator.form().answers().stream()
                            .map(Form.AnswerPart::name)
                            .toList()));
        }
    }

    /** The bytes of all evaluators that are in memory. */
    public synchronized long used() {
        return used;
    }

    /** How many versions there are, in memory or not. */
    public synchronized int count() {
        return places.size();
    }

    /**
     * The place of a version, with its evaluator.
     *
     * @param name of the kept form
     */
    Place add(String name, Evaluator evaluator) {
        Place place = new Place(name);
        Ready ready = Ready.of(evaluator);
        put(place, ready, ready.evaluator().bytes());
        return place;
    }

    /** The place of a version whose kept form was read and is whole; its evaluator is made when there is room. */
    Place add(String name, FormStore.Kept kept) throws BadForm {
        boolean room;
        synchronized (this) {
            room = used + 4L * kept.arrays().remaining() <= budget;
        }
        if (room) {
            return add(name, Evaluator.of(kept.form(), Bounds.USUAL));
        }
        Place place = new Place(name);
        synchronized (this) {
            places.add(place);
        }
        return place;
    }

    private synchronized void put(Place place, Ready ready, long bytes) {
        if (place.closed || place.ready != null) {
            return;
        }
        place.ready = ready;
        place.bytes = bytes;
        place.touch();
        places.add(place);
        used += bytes;
        if (used > budget) {
            makeRoom(place);
        }
    }

    /** Lets the least recently asked go. One whose form is not kept would not come back, and stays. */
    @GuardedBy("this")
    private void makeRoom(Place except) {
        List<Place> eldest = new ArrayList<>();
        for (Place place : places) {
            if (place.ready != null && !place.equals(except)) {
                eldest.add(place);
            }
        }
        eldest.sort(Comparator.comparingLong(place -> place.asked));
        // A little more than needed, so that not every load sorts anew.
        long enough = budget - budget / 16;
        for (Place place : eldest) {
            if (used <= enough) {
                return;
            }
            if (store.has(place.name)) {
                place.ready = null;
                used -= place.bytes;
            }
        }
    }

    /** The place of one version. */
    final class Place {

        private final String name;
        private volatile @Nullable Ready ready;
        private volatile long asked = System.nanoTime();
        private long bytes;
        private volatile boolean closed;

        private Place(String name) {
            this.name = name;
        }

        private void touch() {
            long now = System.nanoTime();
            // Written once in a while only: many threads ask at once.
            if (now - asked > 10_000_000) {
                asked = now;
            }
        }

        /** The evaluator, or null when it is not in memory now. */
        @Nullable
        Ready now() {
            Ready present = ready;
            if (present != null) {
                touch();
            }
            return present;
        }

        /** The evaluator, from its kept form when it is not in memory. */
        Ready get() throws IOException {
            Ready present = now();
            if (present != null) {
                return present;
            }
            synchronized (this) {
                present = now();
                return present == null ? read() : present;
            }
        }

        private Ready read() throws IOException {
            try {
                FormStore.Kept kept = store.read(name).orElseThrow(() -> new IOException("its form is gone"));
                Ready made = Ready.of(Evaluator.of(kept.form(), Bounds.USUAL));
                put(this, made, made.evaluator().bytes());
                return made;
            } catch (BadForm impossible) {
                throw new IOException("its form is of another release", impossible);
            }
        }

        /** The version is not served any more. */
        void close() {
            synchronized (EvaluatorMemory.this) {
                closed = true;
                if (places.remove(this) && ready != null) {
                    used -= bytes;
                }
                ready = null;
            }
        }
    }
}
