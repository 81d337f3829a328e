package io.modelward.store.catalog.sql;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.VersionRef;
import io.modelward.store.catalog.RetentionTables.Reference;
import io.modelward.store.catalog.RetentionTables.Use;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import tools.jackson.databind.JsonNode;

/**
 * Finds what endpoints refer to. Arms and rollouts are kept as JSON, so the rows that may name the model are read and
 * looked into; the pattern leaves out those that surely name other models.
 */
record VersionReferences(Handle handle) {

    /** The version of a number and digest. */
    private record Key(String version, Digest digest) {}

    /** What an endpoint refers to. */
    private record Named(VersionRef ref, Use use, String endpoint) {}

    List<Reference> of(ModelId model) {
        List<Named> named = new ArrayList<>();
        rows("SELECT DISTINCT endpoint, arms AS text FROM route_revisions WHERE ", "arms", model)
                .forEach(row -> arms(row).forEach(ref -> named.add(new Named(ref, Use.ROUTE, row.getKey()))));
        rows("SELECT endpoint, document AS text FROM rollouts WHERE ", "document", model)
                .forEach(row -> rollout(row).forEach(ref -> named.add(new Named(ref, Use.ROLLOUT, row.getKey()))));
        // A model may have thousands of versions; where no endpoint ever named one, nobody has to read them.
        Map<Key, Long> ids = named.isEmpty() ? Map.of() : ids(model);
        Set<Reference> found = new LinkedHashSet<>();
        named.forEach(one -> add(found, ids, model, one.ref(), one.use(), one.endpoint()));
        handle.createQuery("SELECT DISTINCT v.id, q.endpoint FROM versions v JOIN quarantines q"
                        + " ON q.digest = v.digest AND q.version = v.version WHERE v.model = :model"
                        + " ORDER BY v.id, q.endpoint")
                .bind("model", model.value())
                .map((row, context) -> new Reference(row.getLong("id"), Use.QUARANTINE, row.getString("endpoint")))
                .forEach(found::add);
        return List.copyOf(found);
    }

    private Map<Key, Long> ids(ModelId model) {
        Map<Key, Long> ids = new HashMap<>();
        handle.createQuery("SELECT id, version, digest FROM versions WHERE model = :model")
                .bind("model", model.value())
                .map((row, context) -> Map.entry(
                        new Key(row.getString("version"), Digest.parse(row.getString("digest"))), row.getLong("id")))
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue()));
        return ids;
    }

    /** Rows of earlier releases name no id of a model, or 0. */
    private List<Map.Entry<String, String>> rows(String select, String column, ModelId model) {
        return handle.createQuery(
                        select + column + " LIKE :this OR " + column + " LIKE :unknown OR " + column + " NOT LIKE :any")
                .bind("this", "%\"model_id\":" + model.value() + ",%")
                .bind("unknown", "%\"model_id\":0,%")
                .bind("any", "%\"model_id\":%")
                .map((row, context) -> Map.entry(row.getString("endpoint"), row.getString("text")))
                .list();
    }

    private static List<VersionRef> arms(Map.Entry<String, String> row) {
        try {
            List<VersionRef> refs = new ArrayList<>();
            for (JsonNode arm : Json.parse(row.getValue(), "arms")) {
                refs.add(VersionRef.fromJson(arm));
            }
            return refs;
        } catch (ProblemException | IllegalArgumentException unreadable) {
            throw damaged("A route revision");
        }
    }

    private static List<VersionRef> rollout(Map.Entry<String, String> row) {
        try {
            JsonNode json = Json.parse(row.getValue(), "rollout");
            return List.of(VersionRef.fromJson(json.path("candidate")), VersionRef.fromJson(json.path("active")));
        } catch (ProblemException | IllegalArgumentException unreadable) {
            throw damaged("A rollout");
        }
    }

    private static ProblemException damaged(String what) {
        return Problem.of(
                        ProblemType.DAMAGED,
                        what + " cannot be read, so it is not known which versions it refers to, and none is"
                                + " deleted. Verify the server to find the damaged row.")
                .exception();
    }

    /** What names no id is held to number and digest alone, whatever the model's name was then. */
    private static void add(
            Set<Reference> into, Map<Key, Long> ids, ModelId model, VersionRef ref, Use use, String endpoint) {
        if (ref.modelId().known() && !ref.modelId().equals(model)) {
            return;
        }
        Optional.ofNullable(ids.get(new Key(ref.version().toString(), ref.digest())))
                .ifPresent(id -> into.add(new Reference(id, use, endpoint)));
    }
}
