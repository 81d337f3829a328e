package io.modelward.core.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import java.time.Duration;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScopeTest {

    private static Scope scope(String text) {
        return Scope.parse("scope", text);
    }

    @ParameterizedTest
    @CsvSource({
        "model:iris, default/iris, true",
        "model:iris, default/Iris, true",
        "model:iris, default/iris2, false",
        "model:iris*, default/iris2, true",
        "model:iris*, team/iris2, false",
        "model:team/*, team/iris, true",
        "model:team/*, teams/iris, false",
        "model:*, any/thing, true",
        "model:*/iris, team/iris, true",
        "model:*iris, default/my-iris, true",
        "model:a*b*c, default/aXbYc, true",
        "model:a*b*c, default/aXcYb, false",
        "*, team/iris, true"
    })
    void a_star_stands_for_any_characters_but_a_slash(String scope, String name, boolean covered) {
        assertThat(scope(scope).covers(Scope.Kind.MODEL, name)).isEqualTo(covered);
        assertThat(scope(scope).covers(Scope.Kind.ENDPOINT, name)).isEqualTo(scope.equals("*"));
    }

    @ParameterizedTest
    @CsvSource({
        "model:team/*, model:team/iris*, true",
        "model:team/iris*, model:team/*, false",
        "model:team/a*, model:team/ab*, true",
        "model:*, model:team/*, true",
        "model:team/*, endpoint:team, false",
        "*, endpoint:x*, true",
        "endpoint:x*, *, false"
    })
    void a_scope_covers_another_one_when_it_covers_all_that_the_other_one_does(
            String wide, String narrow, boolean covered) {
        assertThat(scope(wide).covers(scope(narrow))).isEqualTo(covered);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "model",
                "model:",
                "model:/iris",
                "model:team/",
                "model:a/b/c",
                "endpoint:a/b",
                "run:1",
                "**",
                "model:i\u0000ris",
                "model:\ud800",
                "model:iris\u200b"
            })
    void what_is_no_scope_is_refused_by_its_field(String text) {
        assertThatThrownBy(() -> scope(text))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().field()).contains("scope"));
    }

    @Test
    void cve_2026_58421_a_pattern_of_many_stars_takes_no_long_time() {
        Scope hostile = scope("model:default/" + "a*".repeat(180));
        assertThat(Assertions.assertTimeout(
                        Duration.ofSeconds(1),
                        () -> hostile.covers(Scope.Kind.MODEL, "default/" + "a".repeat(249) + "b")))
                .isTrue();
        assertThat(scope("model:default/" + "a*".repeat(180) + "c")
                        .covers(Scope.Kind.MODEL, "default/" + "a".repeat(249) + "b"))
                .isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "ann",
                "user:ann",
                "user:#x",
                "user:https://id.example#",
                "group:",
                "group: ml",
                "service:a b",
                "everyone:x",
                "user:https://id.example#a\nb"
            })
    void what_is_no_subject_is_refused(String text) {
        assertThatThrownBy(() -> Subject.parse("subject", text)).isInstanceOf(ProblemException.class);
    }

    @Test
    void cve_2026_58426_no_two_pairs_of_issuer_and_subject_have_one_name() {
        Subject one = Subject.user("https://a", "b/c#d");
        assertThat(Subject.parse("subject", one.toString())).isEqualTo(one);
        assertThat(one).isNotEqualTo(Subject.user("https://a/b", "c#d"));
        assertThatThrownBy(() -> Subject.user("https://a#b", "c")).isInstanceOf(IllegalArgumentException.class);
    }

    /** A scope that was kept and cannot be read would stop the server from reading any grant. */
    @Test
    void every_scope_that_is_taken_is_read_again_from_its_text() {
        for (String kind : new String[] {"model:", "model:team/", "endpoint:", "experiment:"}) {
            for (String letter : new String[] {"a", "A", "\u0130", "\u1e9e", "*", "\ud801\udc00"}) {
                for (int letters : new int[] {1, 100, 130, 195, 199, 200, 205, 300, 390, 392, 399, 400, 401}) {
                    String text = kind + letter.repeat(letters);
                    Scope taken;
                    try {
                        taken = scope(text);
                    } catch (ProblemException refused) {
                        continue;
                    }
                    assertThat(scope(taken.toString())).as(text).isEqualTo(taken);
                }
            }
        }
    }

    @Test
    void an_administrator_is_one_of_the_whole_server() {
        assertThatThrownBy(() -> new Permission(Role.ADMINISTRATOR, scope("model:iris")))
                .isInstanceOf(ProblemException.class);
        assertThat(Role.OWNER.includes(Role.RELEASER)).isTrue();
        assertThat(Role.RELEASER.includes(Role.PUBLISHER)).isFalse();
    }
}
