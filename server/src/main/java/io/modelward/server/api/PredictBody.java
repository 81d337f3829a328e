package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.json.Meter;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import io.modelward.gateway.contract.Contract;
import io.modelward.gateway.predict.PredictRequest;
import io.modelward.runtime.Instances;
import io.modelward.runtime.RowReader;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/**
 * Reads a body {@code {"instances": [row, …], "key"?: "…", "outputs"?: ["…"]}}, as often as the contract changes before
 * the request is admitted. No more than one row is a tree of JSON at a time. The memory of an earlier reading is given
 * back before the body is read again, since only the newest rows stay in use. Used by one thread at a time.
 */
public final class PredictBody implements PredictRequest.Reader {

    private static final Set<String> FIELDS = Set.of("instances", "key", "outputs");
    private static final int LONGEST_KEY = 1000;
    private static final int MOST_OUTPUTS = 1000;

    private final byte[] body;
    private final Reservation memory;
    /** What the last reading holds, in bytes. */
    private long held;

    /** @param memory where the memory for the rows comes from, beyond the body's own */
    public PredictBody(byte[] body, Reservation memory) {
        this.body = body;
        this.memory = memory;
    }

    @Override
    public PredictRequest.Rows read(Contract contract) {
        memory.shrink(held);
        held = 0;
        long before = memory.bytes();
        try {
            return readAll(contract);
        } finally {
            // Whoever ends the request may have closed the reservation meanwhile.
            held = Math.max(0, memory.bytes() - before);
        }
    }

    private PredictRequest.Rows readAll(Contract contract) {
        if (contract.plainWidth().isPresent()) {
            Instances plain = MatrixScanner.scan(body, contract.plainWidth().getAsInt(), memory);
            if (plain != null) {
                return new PredictRequest.Rows(plain, Optional.empty(), List.of());
            }
        }
        Meter meter = Meter.of(memory);
        RowReader.Rows rows = contract.reader().rows();
        long[] kept = new long[1];
        // A row may be much shorter than what it becomes.
        kept[0] = take(0, contract.reader().rowBytes());
        JsonNode request = Json.eachOf("instances", body, "body", meter, (row, index) -> {
            contract.check().check(row, index);
            rows.add(row);
            kept[0] = take(kept[0], rows.bytes());
        });
        if (!request.isObject()) {
            throw ProblemException.invalid("body", "The body is a JSON object: {\"instances\": [row, …]}.");
        }
        for (String name : request.propertyNames()) {
            if (!FIELDS.contains(name)) {
                throw ProblemException.invalid(
                        "body",
                        "The body has a field " + Quoted.of(name) + ", which is not known here. It holds instances and,"
                                + " if wanted, key and outputs.");
            }
        }
        JsonNode key = request.path("key");
        if (!key.isMissingNode() && !(key.isString() && key.stringValue().length() <= LONGEST_KEY)) {
            throw ProblemException.invalid("key", "key is a string of at most " + LONGEST_KEY + " characters.");
        }
        List<String> outputs = outputs(request.path("outputs"));
        Instances instances = rows.build();
        meter.close();
        if (!request.path("instances").isArray() || instances.rows() == 0) {
            throw ProblemException.invalid("instances", "instances is an array of at least one row.");
        }
        return new PredictRequest.Rows(instances, Optional.ofNullable(key.stringValue(null)), outputs);
    }

    private static List<String> outputs(JsonNode outputs) {
        if (outputs.isMissingNode()) {
            return List.of();
        }
        Set<String> names = new LinkedHashSet<>();
        if (outputs.isArray()) {
            outputs.forEach(name -> names.add(name.isString() ? name.stringValue() : ""));
        }
        if (names.isEmpty() || names.contains("") || names.size() != outputs.size() || names.size() > MOST_OUTPUTS) {
            throw ProblemException.invalid(
                    "outputs", "outputs is an array of names of the model's outputs, each once, at least one.");
        }
        return new ArrayList<>(names);
    }

    /** Takes memory in steps, so that small requests take it once. */
    private long take(long taken, long needed) {
        if (needed <= taken) {
            return taken;
        }
        long more = Math.max(needed - taken, needed >> 2);
        memory.grow(more);
        return taken + more;
    }
}
