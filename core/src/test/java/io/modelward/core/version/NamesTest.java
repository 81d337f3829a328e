package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamesTest {

    @Test
    void aBareNameLivesInTheDefaultNamespace() {
        assertThat(ModelName.parse("iris")).isEqualTo(ModelName.of("default", "iris"));
        assertThat(ModelName.parse("Team.A/Iris-2_x")).hasToString("Team.A/Iris-2_x");
        assertThat(ModelName.parse("Team.A/Iris").key()).isEqualTo("team.a/iris");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", ".a", "-a", "_a", "a b", "a..b", "..", "a@b", "a\n", "é", "a\\b", "a:b", "a%2Fb", "a?b"})
    void otherCharactersAreRefused(String text) {
        Problems.invalid("endpoint", () -> EndpointName.parse(text));
        Problems.invalid("namespace", () -> ModelName.of(text, "iris"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"my model", "_draft", "Modèle 1", "a", "R&D (v2), it's = fine!", "模型"})
    void aModelMayBeNamedInAnyLanguage(String text) {
        assertThat(ModelName.parse(text).name()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                " a",
                "a ",
                ".a",
                "-a",
                "a..b",
                "..",
                "a@b",
                "a\n",
                "a\\b",
                "a:b",
                "a%2Fb",
                "%2e%2e",
                "a?b",
                "a#b",
                "a;b",
                "a\u0000b",
                "e\u0301",
                "a<b>",
                "a*b",
                "a|b",
                "a\"b"
            })
    void butNotSoThatAnAddressOrAnotherNameComesOut(String text) {
        Problems.invalid("name", () -> ModelName.parse(text));
    }

    @Test
    void aNameHasAtMostSoManyCharacters() {
        assertThat(EndpointName.parse("x".repeat(100)).key()).hasSize(100);
        assertThat(ModelName.parse("x".repeat(250)).name()).hasSize(250);
        Problems.invalid("name", () -> ModelName.parse("x".repeat(251)));
        Problems.invalid("endpoint", () -> EndpointName.parse("x".repeat(101)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "api",
                "v1",
                "v2",
                "predict",
                "models",
                "endpoints",
                "health",
                "livez",
                "readyz",
                "version",
                "ping",
                "invocations",
                "metrics",
                "static",
                "ui",
                "API",
                "Ui"
            })
    void reservedNamespacesAreRefused(String namespace) {
        Problems.invalid("namespace", () -> ModelName.of(namespace, "iris"));
        assertThat(ModelName.parse(namespace).namespace()).isEqualTo("default");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "docs",
                "login",
                "logout",
                "auth",
                "assets",
                "datasets",
                "spaces",
                "kernels",
                "buckets",
                "collections",
                "papers",
                "resolve",
                "xet",
                "cas",
                "hf",
                "grpc",
                "HF"
            })
    void namespacesThatWereReservedLaterAreReadAndGivenToNoNewModel(String namespace) {
        ModelName old = ModelName.of(namespace, "iris");
        assertThat(old.namespace()).isEqualTo(namespace);
        Problems.invalid("namespace", old::requireAllowedForNew);
        ModelName.parse(namespace).requireAllowedForNew();
        ModelName.of(namespace + "-team", "iris").requireAllowedForNew();
    }

    @ParameterizedTest
    @ValueSource(strings = {"a/b/c", "/a/", "//"})
    void oneSlashAtMost(String text) {
        Problems.invalid("model", () -> ModelName.parse(text));
    }

    @Test
    void neitherSideOfTheSlashIsEmpty() {
        Problems.invalid("namespace", () -> ModelName.parse("/iris"));
        Problems.invalid("name", () -> ModelName.parse("team/"));
    }
}
