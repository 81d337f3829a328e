package io.modelward.gateway.contract;

import io.modelward.core.json.Json;
import io.modelward.core.json.Meter;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.RowCheck;
import io.modelward.core.signature.Schema;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.Instances;
import io.modelward.runtime.Predictions;
import io.modelward.runtime.RowReader;
import java.util.Optional;
import java.util.OptionalInt;
import tools.jackson.databind.JsonNode;

/** What callers of an endpoint rely on, ready to check and read their requests, and to check the answers to them. */
public final class Contract {

    private static final int LONGEST_KEY = 1000;

    private final Signature signature;
    private final RowCheck check;
    private final RowReader reader;
    private final OptionalInt plainWidth;
    private final OutputCheck output;

    public Contract(Signature signature) {
        this.signature = signature;
        this.check = RowCheck.of(signature);
        this.reader = RowReader.of(signature);
        this.plainWidth = plainWidth(signature, reader);
        this.output = new OutputCheck(signature);
    }

    public Signature signature() {
        return signature;
    }

    /** The length of a row that holds plain numbers, without bounds to check; such rows need no JSON tree. */
    private static OptionalInt plainWidth(Signature signature, RowReader reader) {
        if (reader.form() != RowReader.Form.MATRIX || !(signature.input().row() instanceof Schema.Arr row)) {
            return OptionalInt.empty();
        }
        for (int i = 0; i < reader.width().orElseThrow(); i++) {
            boolean plain = row.item(i) instanceof Schema.Numeric number
                    && !number.integer()
                    && number.minimum().isEmpty()
                    && number.maximum().isEmpty()
                    && number.multipleOf().isEmpty();
            if (!plain) {
                return OptionalInt.empty();
            }
        }
        return reader.width();
    }

    /**
     * A request that was read.
     *
     * @param key who asks, in the caller's words; requests of one key are answered by one arm
     */
    public record Asked(Instances instances, Optional<String> key) {}

    /**
     * Reads a request's body, {@code {"instances": [row, …], "key"?: "…"}}. No more than one row is a tree of JSON at a time.
     *
     * @param memory where the memory for what is read comes from, beyond the body's own
     * @throws ProblemException INVALID when it is no such JSON, REFUSED when a row breaks the contract; both name the field. TOO_LARGE or
     *     OVERLOADED when there is not the memory for it
     */
    public Asked read(byte[] body, Reservation memory) {
        if (plainWidth.isPresent()) {
            Instances plain = MatrixScanner.scan(body, plainWidth.getAsInt(), memory);
            if (plain != null) {
                return new Asked(plain, Optional.empty());
            }
        }
        Meter meter = Meter.of(memory);
        RowReader.Rows rows = reader.rows();
        long[] kept = new long[1];
        // A row may be much shorter than what it becomes.
        kept[0] = take(memory, 0, reader.rowBytes());
        JsonNode request = Json.eachOf("instances", body, "body", meter, (row, index) -> {
            check.check(row, index);
            rows.add(row);
            kept[0] = take(memory, kept[0], rows.bytes());
        });
        if (!request.isObject()) {
            throw ProblemException.invalid("body", "The body is a JSON object: {\"instances\": [row, …]}.");
        }
        for (String name : request.propertyNames()) {
            if (!name.equals("instances") && !name.equals("key")) {
                throw ProblemException.invalid(
                        "body", "The body has a field that is not known here. It holds instances and, if wanted, key.");
            }
        }
        JsonNode key = request.path("key");
        if (!key.isMissingNode() && !(key.isString() && key.stringValue().length() <= LONGEST_KEY)) {
            throw ProblemException.invalid("key", "key is a string of at most " + LONGEST_KEY + " characters.");
        }
        Instances instances = rows.build();
        meter.close();
        if (!request.path("instances").isArray() || instances.rows() == 0) {
            throw ProblemException.invalid("instances", "instances is an array of at least one row.");
        }
        return new Asked(instances, Optional.ofNullable(key.stringValue(null)));
    }

    /** Takes memory in steps, so that small requests take it once. */
    private static long take(Reservation memory, long taken, long needed) {
        if (needed <= taken) {
            return taken;
        }
        long more = Math.max(needed - taken, needed >> 2);
        memory.grow(more);
        return taken + more;
    }

    /** @throws ProblemException MODEL_FAILED when a model's answer is not what callers rely on */
    public void checkAnswer(Predictions predictions, Reservation memory) {
        output.check(predictions, memory);
    }
}
