package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.core.signature.Comparison;
import io.modelward.registry.compare.CompareService.Difference;
import io.modelward.registry.compare.CompareService.Metric;
import io.modelward.registry.compare.CompareService.VersionComparison;
import io.modelward.registry.publish.Findings;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A comparison of two versions as JSON. */
final class ComparisonJson {

    private ComparisonJson() {}

    static ObjectNode json(VersionComparison comparison) {
        ObjectNode json = Json.object();
        json.set("from", RegistryJson.summary(comparison.from()));
        json.set("to", RegistryJson.summary(comparison.to()));
        ArrayNode metrics = json.putArray("metrics");
        comparison.metrics().forEach(metric -> metrics.add(metric(metric)));
        differences(json.putArray("hyperparameters"), "name", comparison.hyperparameters(), value -> value);
        json.set("signature", signature(comparison.signature()));
        differences(json.putArray("files"), "path", comparison.files(), RegistryJson::file);
        differences(json.putArray("card"), "name", comparison.card(), value -> value);
        differences(json.putArray("provenance"), "name", comparison.provenance(), value -> value);
        return json;
    }

    private static ObjectNode metric(Metric metric) {
        ObjectNode json = Json.object().put("name", metric.name());
        metric.from().ifPresent(value -> json.put("from", value));
        metric.to().ifPresent(value -> json.put("to", value));
        if (metric.from().isPresent() && metric.to().isPresent()) {
            json.put("change", metric.to().getAsDouble() - metric.from().getAsDouble());
        }
        return json;
    }

    private static ObjectNode signature(Comparison signature) {
        ObjectNode json = Json.object()
                .put("verdict", signature.verdict().name().toLowerCase(Locale.ROOT))
                .put("least_bump", signature.leastBump().label());
        json.set("findings", Json.MAPPER.valueToTree(Findings.json(signature.findings())));
        return json;
    }

    private static <T> void differences(
            ArrayNode array, String key, List<Difference<T>> differences, Function<T, JsonNode> view) {
        for (Difference<T> difference : differences) {
            ObjectNode json = array.addObject()
                    .put(key, difference.name())
                    .put("state", difference.state().name().toLowerCase(Locale.ROOT));
            difference.from().ifPresent(value -> json.set("from", view.apply(value)));
            difference.to().ifPresent(value -> json.set("to", view.apply(value)));
        }
    }
}
