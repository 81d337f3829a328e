package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.retention.KeepReason;
import io.modelward.core.retention.RetentionPlan;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.retention.VersionFacts;
import io.modelward.core.time.Durations;
import io.modelward.registry.collect.GarbageCollection;
import io.modelward.registry.retention.LeftoverService;
import io.modelward.registry.retention.RetentionRules;
import io.modelward.registry.retention.RetentionService;
import java.time.Duration;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** How retention looks on the wire; docs/api.yaml describes it. */
final class RetentionJson {

    private RetentionJson() {}

    static ObjectNode rule(RetentionRules.Named named) {
        ObjectNode json = scope(named.kept().scope());
        named.model().ifPresent(model -> json.put("model", model.toString()));
        json.setAll(named.kept().rule().toJson());
        json.put("changed_at", named.kept().change().at().toString());
        json.set("changed_by", RegistryJson.who(named.kept().change()));
        return json.put("reason", named.kept().change().reason());
    }

    private static ObjectNode scope(RetentionScope scope) {
        return switch (scope) {
            case RetentionScope.Server _ -> Json.object().put("scope", "server");
            case RetentionScope.Namespace namespace ->
                Json.object().put("scope", "namespace").put("namespace", namespace.name());
            case RetentionScope.OfModel _ -> Json.object().put("scope", "model");
        };
    }

    private static void inForce(ObjectNode json, Optional<RetentionRules.Named> rule) {
        rule.ifPresentOrElse(one -> json.set("rule", rule(one)), () -> json.putNull("rule"));
    }

    static ObjectNode standing(RetentionService.Standing standing) {
        ObjectNode json = Json.object().put("model", standing.model().toString());
        inForce(json, standing.rule());
        ArrayNode holds = json.putArray("holds");
        for (RetentionService.Hold hold : standing.holds()) {
            ObjectNode one = holds.addObject()
                    .put("version", hold.version().summary().version().toString())
                    .put("since", hold.change().at().toString())
                    .put("reason", hold.change().reason());
            one.set("by", RegistryJson.who(hold.change()));
        }
        ArrayNode deleted = json.putArray("deleted");
        for (RetentionService.Buried buried : standing.deleted()) {
            deleted.add(buried(buried.version(), buried.tombstone()));
        }
        return json;
    }

    private static ObjectNode buried(PublishedVersion version, Tombstone tombstone) {
        ObjectNode json = Json.object()
                .put("version", version.summary().version().toString())
                .put("digest", version.summary().digest().toString())
                .put("size", version.summary().size())
                .put("deleted_at", tombstone.deleted().at().toString());
        json.set("deleted_by", RegistryJson.who(tombstone.deleted()));
        json.put("reason", tombstone.deleted().reason())
                .put("undelete_until", tombstone.undeleteUntil().toString());
        tombstone.purgedAt().ifPresent(at -> json.put("purged_at", at.toString()));
        return json;
    }

    /** A version that a rule deleted, with all that is kept of it. */
    static ObjectNode tombstone(RetentionService.Buried buried) {
        PublishedVersion version = buried.version();
        ObjectNode json = buried(version, buried.tombstone());
        json.put("model", version.summary().model().toString());
        ObjectNode rule = scope(buried.tombstone().scope());
        rule.setAll(buried.tombstone().rule().toJson());
        json.set("rule", rule);
        json.put("published_at", version.summary().published().at().toString());
        json.set("published_by", RegistryJson.who(version.summary().published()));
        json.set("card", version.card());
        ArrayNode files = json.putArray("files");
        version.manifest().files().forEach(file -> files.add(RegistryJson.file(file)));
        // What was ever live is not deleted by a rule.
        json.putArray("deployments");
        return json;
    }

    static ObjectNode preview(RetentionService.Preview preview) {
        RetentionPlan plan = preview.plan();
        ObjectNode json = Json.object().put("model", preview.model().toString());
        inForce(json, preview.rule());
        json.put("at", preview.at().toString())
                .put("fingerprint", plan.fingerprint())
                .put("deletes", plan.deletions().size())
                .put("keeps", plan.verdicts().size() - plan.deletions().size())
                .put("bytes", plan.bytes())
                .put("needs_confirmation", plan.nearlyEverything());
        ArrayNode versions = json.putArray("versions");
        for (RetentionPlan.Verdict verdict : plan.verdicts()) {
            ObjectNode one = version(versions, verdict.facts()).put("deletes", verdict.goes());
            ArrayNode reasons = one.putArray("kept_by");
            for (KeepReason reason : verdict.reasons()) {
                ObjectNode because = reasons.addObject().put("why", reason.why().label());
                if (!reason.detail().isEmpty()) {
                    because.put("detail", reason.detail());
                }
                because.put("words", reason.words());
            }
        }
        return json;
    }

    private static ObjectNode version(ArrayNode into, VersionFacts facts) {
        return into.addObject()
                .put("version", facts.version().toString())
                .put("published_at", facts.publishedAt().toString())
                .put("size", facts.bytes());
    }

    static ObjectNode done(RetentionService.Done done) {
        ObjectNode json = Json.object()
                .put("model", done.model().toString())
                .put("deleted", done.deleted().size())
                .put(
                        "bytes",
                        done.deleted().stream().mapToLong(VersionFacts::bytes).sum())
                .put("left", done.left())
                .put("undelete_until", done.undeleteUntil().toString());
        ArrayNode versions = json.putArray("versions");
        done.deleted().forEach(facts -> version(versions, facts));
        return json;
    }

    static ObjectNode leftovers(LeftoverService.Leftovers found) {
        ObjectNode json = Json.object();
        age(json, "runs_after", found.rules().runs());
        age(json, "predictions_after", found.rules().predictions());
        json.put("runs", found.runs())
                .put("logged_models", found.models())
                .put("prediction_files", found.files().size())
                .put("predictions", found.records())
                .put("prediction_bytes", found.bytes());
        found.newest()
                .ifPresentOrElse(
                        newest -> json.put("newest_prediction_at", newest.toString()),
                        () -> json.putNull("newest_prediction_at"));
        return json;
    }

    private static void age(ObjectNode json, String member, Optional<Duration> age) {
        age.ifPresentOrElse(some -> json.put(member, Durations.write(some)), () -> json.putNull(member));
    }

    static ObjectNode status(GarbageCollection.Status status) {
        ObjectNode json = Json.object().put("running", status.running());
        status.begun().ifPresent(at -> json.put("begun_at", at.toString()));
        status.ended().ifPresent(at -> json.put("ended_at", at.toString()));
        return json.put("versions", status.versions())
                .put("blobs", status.blobs())
                .put("bytes", status.bytes())
                .put("failed", status.failed());
    }

    static ObjectNode estimate(GarbageCollection.Estimate estimate) {
        return Json.object()
                .put("dry_run", true)
                .put("versions", estimate.versions())
                .put("blobs", estimate.blobs())
                .put("bytes", estimate.bytes())
                .put("grace", Durations.write(estimate.grace()));
    }
}
