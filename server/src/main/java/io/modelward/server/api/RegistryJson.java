package io.modelward.server.api;

import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.version.ModelName;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.verify.Damage;
import io.modelward.registry.verify.Verification;
import io.modelward.registry.version.VersionService;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Values of the registry as the JSON of docs/api.yaml. */
final class RegistryJson {

    private RegistryJson() {}

    static ObjectNode who(Change change) {
        ObjectNode who = Json.object().put("actor", change.actor()).put("verified", change.verified());
        if (!change.via().equals(Via.NONE)) {
            who.put("credential", change.via().credential())
                    .put("address", change.via().address());
        }
        return who;
    }

    static ObjectNode model(VersionService.ModelSummary model) {
        ObjectNode json = Json.object()
                .put("model", model.model().name().toString())
                .put("namespace", model.model().name().namespace())
                .put("name", model.model().name().name())
                .put("created_at", model.model().createdAt().toString())
                .put("versions", model.versions());
        if (!model.model().description().isEmpty()) {
            json.put("description", model.model().description());
        }
        ObjectNode tags = json.putObject("tags");
        model.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        json.put("updated_at", model.model().updatedAt().toString());
        model.latest().ifPresent(latest -> json.put("latest", latest.toString()));
        ObjectNode aliases = json.putObject("aliases");
        model.aliases().forEach((alias, version) -> aliases.put(alias, version.toString()));
        return json;
    }

    static ObjectNode summary(VersionSummary version) {
        JsonNode card = version.shownCard().value();
        ObjectNode json = Json.object()
                .put("model", version.model().toString())
                .put("version", version.version().toString())
                .put("ordinal", version.ordinal())
                .put("digest", version.digest().toString())
                .put("published_at", version.published().at().toString())
                .put("reason", version.published().reason())
                .put("size", version.size());
        json.set("published_by", who(version.published()));
        for (String field : List.of("framework", "algorithm", "performance")) {
            if (card.has(field)) {
                json.set(field, card.get(field));
            }
        }
        return json;
    }

    static ObjectNode version(VersionService.VersionWithProvenance version) {
        PublishedVersion row = version.published();
        ObjectNode json = summary(row.summary());
        Manifest manifest = row.manifest();
        json.set("card", row.shownCard());
        json.put("card_digest", manifest.card().toString());
        json.set("card_missing", strings(row.missing()));
        ArrayNode files = json.putArray("files");
        manifest.files().forEach(file -> files.add(file(file)));
        json.set("signature", row.signature().toJson());
        ArrayNode aliases = json.putArray("aliases");
        version.aliases().forEach(aliases::add);
        json.put("least_bump", row.leastBump().label());
        json.set("warnings", strings(row.warnings()));
        state(version, json);
        version.provenance().ifPresent(provenance -> json.set("provenance", provenance.toJson()));
        return json;
    }

    private static void state(VersionService.VersionWithProvenance version, ObjectNode json) {
        if (!version.state().description().isEmpty()) {
            json.put("description", version.state().description());
        }
        json.put("stage", version.state().stage().label());
        ObjectNode tags = json.putObject("tags");
        version.tags().forEach(tag -> tags.put(tag.key(), tag.value()));
        version.state().deletedAt().ifPresent(at -> json.put("deleted_at", at.toString()));
    }

    static ObjectNode published(Publisher.Published published) {
        PublishedVersion row = published.version();
        ObjectNode json = Json.object()
                .put("model", row.summary().model().toString())
                .put("version", row.summary().version().toString())
                .put("ordinal", row.summary().ordinal())
                .put("digest", row.summary().digest().toString())
                .put("least_bump", row.leastBump().label());
        json.set("warnings", strings(row.warnings()));
        json.set("card_missing", strings(row.missing()));
        return json;
    }

    private static ArrayNode strings(List<String> values) {
        ArrayNode array = Json.array();
        values.forEach(array::add);
        return array;
    }

    static ObjectNode file(FileEntry file) {
        return Json.object()
                .put("path", file.path().value())
                .put("size", file.size())
                .put("sha256", file.sha256().toString());
    }

    static ObjectNode draft(DraftService.DraftView draft) {
        ObjectNode json = Json.object()
                .put("id", draft.draft().id())
                .put("model", draft.model().toString())
                .put("expires_at", draft.draft().expiresAt().toString());
        ArrayNode files = json.putArray("files");
        draft.files().forEach(file -> files.add(file(file)));
        return json;
    }

    static ObjectNode verification(Verification found) {
        ObjectNode json = Json.object()
                .put("intact", found.intact())
                .put("versions", found.versions())
                .put("files", found.files())
                .put("bytes", found.bytes())
                .put("artifacts", found.artifacts())
                .put("rows", found.rows())
                .put("rows_unhashed", found.unhashed())
                .put("records", found.records())
                .put("unnamed", found.unnamed());
        ArrayNode damaged = json.putArray("damaged");
        for (Damage damage : found.damaged()) {
            ObjectNode one = damaged.addObject()
                    .put("kind", damage.kind().name().toLowerCase(Locale.ROOT))
                    .put("model", damage.model().map(ModelName::toString).orElse(""))
                    .put("version", damage.version())
                    .put("path", damage.path());
            damage.expected().ifPresent(expected -> one.put("expected", expected.toString()));
            one.put("what", damage.what());
        }
        return json;
    }

    static ObjectNode audit(AuditEntry entry) {
        ObjectNode json = Json.object()
                .put("sequence", entry.sequence())
                .put("time", entry.change().at().toString());
        json.set("who", who(entry.change()));
        json.put("action", entry.action())
                .put("subject", entry.subject())
                .put("reason", entry.change().reason());
        json.set("detail", entry.detail());
        return json;
    }
}
