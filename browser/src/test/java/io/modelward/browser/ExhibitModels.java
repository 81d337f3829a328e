package io.modelward.browser;

import static io.modelward.browser.ExhibitClient.part;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Publishes the models of an exhibit. */
final class ExhibitModels {

    /** What the endpoints serve, in the order in which the versions are published. */
    static final List<String> IRIS = List.of(
            "1.0.0",
            "1.0.1",
            "1.1.0",
            "1.2.0",
            "1.2.1",
            "1.3.0",
            "2.0.0-rc.1",
            "2.0.0",
            "2.1.0",
            "2.1.1",
            "1.3.1",
            "2.2.0",
            "2.3.0",
            "2.3.1",
            "2.4.0",
            "3.0.0-beta.1",
            "3.0.0");

    /** The version whose model fails the wider petals. */
    static final String BROKEN = "2.3.1";
    /** A version that is no model at all, so that nothing can load it. */
    static final String UNREADABLE = "3.0.0";

    private static final Map<String, List<String>> OTHERS = Map.of(
            "fraud/score", List.of("1.0.0", "1.1.0", "1.2.0", "2.0.0"),
            "fraud/score-eu", List.of("0.9.0", "1.0.0"),
            "language/sentiment", List.of("1.0.0", "1.0.1", "2.0.0", "3.0.0", "4.0.0-rc.1"),
            "pricing/demand", List.of("2026.1.0", "2026.2.0"));

    private final ExhibitClient client;
    private final ExhibitFiles files;
    private final ExhibitWords words;

    ExhibitModels(ExhibitClient client, ExhibitFiles files, ExhibitWords words) {
        this.client = client;
        this.files = files;
        this.words = words;
    }

    String iris() {
        return "default/" + words.model("iris");
    }

    String sentiment() {
        return "language/" + words.model("sentiment");
    }

    static String address(String model) {
        int slash = model.indexOf('/');
        return "/api/v1/models/" + model.substring(0, slash) + "/" + part(model.substring(slash + 1));
    }

    /** Publishes the versions that endpoints serve. */
    void publishIris() throws IOException {
        int number = 0;
        for (String version : IRIS) {
            byte[] model = version.equals(BROKEN)
                    ? files.broken()
                    : version.equals(UNREADABLE) ? "no model".getBytes(StandardCharsets.UTF_8) : files.forest(number);
            publish(iris(), version, Map.of("model.joblib", model), irisCard(version, number++));
        }
        String address = address(iris());
        put(address + "/description", "description", words.longTag("Sorts iris flowers into three species."));
        tag(address, "team", "botany");
        tag(address, "tier", "gold");
        tag(address + "/versions/2.3.0", "reviewed-by", "ben");
        put(
                address + "/versions/2.3.0/description",
                "description",
                words.longTag("The version of the spring release."));
        for (String version : List.of("2.1.0", "2.2.0", "2.3.0")) {
            alias(address, "champion", version);
        }
        alias(address, "challenger", "2.4.0");
    }

    /** Publishes the models that nothing serves. */
    void publishOthers() throws IOException {
        for (Map.Entry<String, List<String>> other : OTHERS.entrySet()) {
            String name = other.getKey().substring(other.getKey().indexOf('/') + 1);
            String model = other.getKey().substring(0, other.getKey().indexOf('/') + 1) + words.model(name);
            int number = 0;
            for (String version : other.getValue()) {
                publish(
                        model,
                        version,
                        Map.of(
                                "weights.bin",
                                ("weights " + model + version).repeat(40).getBytes(StandardCharsets.UTF_8),
                                words.file("vocabulary.txt"),
                                "one\ntwo\n".getBytes(StandardCharsets.UTF_8)),
                        otherCard(name, version, number++));
            }
            String address = address(model);
            put(address + "/description", "description", words.text("Kept for the team of " + name + "."));
            tag(address, "team", name);
            alias(address, "champion", other.getValue().getFirst());
        }
    }

    private void publish(String model, String version, Map<String, byte[]> content, JsonNode card) throws IOException {
        String draft = client.made("POST", address(model) + "/drafts", Json.object())
                .path("id")
                .asString();
        for (Map.Entry<String, byte[]> file : content.entrySet()) {
            client.put("/api/v1/drafts/" + draft + "/files/" + part(file.getKey()), file.getValue());
        }
        ObjectNode wish = Json.object().put("version", version).put("reason", words.text("release " + version));
        wish.set("card", card);
        wish.put("override_reason", "the outputs are the same");
        client.made(
                "POST",
                "/api/v1/drafts/" + draft + "/publish",
                wish,
                words.actor(version.endsWith(".0") ? "ann" : "ben"));
    }

    private void put(String address, String member, String value) throws IOException {
        client.made("PUT", address, Json.object().put(member, value));
    }

    private void tag(String address, String key, String value) throws IOException {
        put(address + "/tags/" + part(words.tag(key)), "value", words.text(value));
    }

    private void alias(String address, String alias, String version) throws IOException {
        client.made(
                "PUT",
                address + "/aliases/" + alias,
                Json.object().put("version", version).put("reason", words.text("better on the last week")),
                words.actor("cleo"));
    }

    private ObjectNode irisCard(String version, int number) {
        ObjectNode card = card("iris-classifier", version, number);
        card.put("framework", "scikit-learn").put("algorithm", "RandomForestClassifier");
        ObjectNode row = Json.object().put("type", "array").put("minItems", 4).put("maxItems", 4);
        row.put("description", words.text("four lengths in centimetres"));
        row.putObject("items").put("type", "number");
        card.set("input_schema", row);
        return card;
    }

    private ObjectNode otherCard(String name, String version, int number) {
        ObjectNode card = card(name, version, number);
        card.put("framework", words.text("PyTorch")).put("algorithm", words.text("transformer"));
        card.putObject(words.text("intended use")).put(words.text("who"), words.text("analysts"));
        return card;
    }

    private ObjectNode card(String name, String version, int number) {
        ObjectNode card = Json.object().put("name", words.text(name)).put("version", version);
        card.put("description", words.longText("""
                # What it is for

                It sorts flowers of *three* species. It must **not** be used for other flowers.

                | species | precision | recall |
                |---|---:|---:|
                | setosa | 1.00 | 1.00 |
                | versicolor | 0.95 | 0.96 |
                | virginica | 0.96 | 0.95 |

                1. Measure four lengths in centimetres.
                2. Send them in this order.

                ```python
                registry.predict("iris", [[5.1, 3.5, 1.4, 0.2]])
                ```

                More is on [the page of the data](https://archive.ics.uci.edu/dataset/53/iris)."""));
        card.put("author", words.text("Ann Botanist")).put("created_at", "2026-06-02T15:30:00Z");
        card.putObject("hyperparameters")
                .put("n_estimators", 4 + 2 * number)
                .put("max_depth", 3)
                .put("criterion", words.text("gini"));
        card.putObject("training_data")
                .put("source", words.text("UCI Machine Learning Repository"))
                .put("samples", 150)
                .put("features", 4)
                .put("date_collected", words.text("1936"));
        card.putObject("performance")
                .put("accuracy", (900 + 5 * number) / 1000.0)
                .put("f1_score", (890 + 5 * number) / 1000.0)
                .put("latency_ms", 2.4 + number / 10.0);
        ArrayNode limitations = card.putArray("limitations");
        limitations.add(words.text("Trained on one data set only; other species are answered wrongly."));
        limitations.add(words.longText("Does not handle missing values."));
        return card;
    }
}
