package io.modelward.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeNamesTest {

    private static boolean covers(String scope, Place place) {
        return new Reach(List.of(List.of(Scope.parse("scope", scope))), Optional.empty()).covers(place);
    }

    private static Place lab(String name) {
        return Place.experiment(name, Optional.empty());
    }

    @ParameterizedTest
    @ValueSource(strings = {"default/iris", "default/Iris", "DEFAULT/IRIS"})
    void cve_2024_3099_a_scope_covers_a_model_in_every_writing_that_the_registry_takes_for_it(String name) {
        assertThat(covers("model:default/iris", Place.model(name))).isTrue();
        assertThat(covers("model:Iris", Place.model(name))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "default/iris2",
                "default/xiris",
                "default/iri",
                "default/iris.",
                "default/iris ",
                "default/ iris",
                "other/iris",
                "xdefault/iris",
                "default/\u0131ris",
                "default/ir\u0456s",
                "default/\uff49ris",
                "default/iris\u0000",
                "default/iris\u200b",
                "default/i\u0301ris",
                "default/ir%69s",
                "default/*",
                "iris"
            })
    void cve_2024_3099_a_scope_covers_no_model_whose_name_only_looks_like_it(String name) {
        assertThat(covers("model:default/iris", Place.model(name))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"Lab", "lab ", " lab", "lab.", "lab/x", "labx", "l\u00e2b", "la\u0302b", "lab\u0000", "LAB"})
    void cve_2024_3099_a_scope_covers_the_experiment_of_exactly_its_name(String name) {
        assertThat(covers("experiment:lab", lab("lab"))).isTrue();
        assertThat(covers("experiment:lab", lab(name))).isFalse();
        assertThat(covers("experiment:a/b", lab("a\u0001b"))).isFalse();
        assertThat(covers("experiment:a/*", lab("a/b/c"))).isTrue();
    }

    @Test
    void cve_2024_3099_a_scope_with_spaces_around_its_name_does_not_become_another_one() {
        assertThat(covers("experiment:lab ", lab("lab"))).isFalse();
        assertThat(covers("experiment:lab ", lab("lab "))).isTrue();
        for (String scope : List.of("model: iris", "model:iris ", "endpoint: iris", "endpoint:iris ", "experiment: ")) {
            assertThatThrownBy(() -> Scope.parse("scope", scope)).as(scope).isInstanceOf(ProblemException.class);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "model:*, model:default/iris, true",
        "model:default/*, model:default/iris, true",
        "model:default/ir*, model:default/iris*, true",
        "model:default/iris*, model:default/ir*, false",
        "model:default/*, model:*, false",
        "model:*/iris, model:default/*, false",
        "model:default/iris, model:default/*, false",
        "model:default/i*s, model:default/i*, false",
        "*, model:*, true",
        "model:*, *, false",
        "model:*, endpoint:iris, false",
        "experiment:*, experiment:a/b, true",
        "experiment:a*, experiment:*, false",
    })
    void a_scope_is_within_another_when_all_that_it_covers_is(String wide, String narrow, boolean within) {
        assertThat(Scope.parse("scope", wide).covers(Scope.parse("scope", narrow)))
                .isEqualTo(within);
    }
}
