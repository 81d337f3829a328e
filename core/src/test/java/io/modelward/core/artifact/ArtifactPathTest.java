package io.modelward.core.artifact;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ArtifactPathTest {

    @ParameterizedTest
    @CsvSource({
        "a, a",
        "1/r/artifacts/m/MLmodel, 1/r/artifacts/m/MLmodel",
        "foo///bar, foo/bar",
        "models///, models",
        "artifact/..../, artifact/....",
        "100%, 100%",
        "a%zz%4, a%zz%4",
        "a%20b, a%20b",
        "a#b?c;d, a#b?c;d",
        "...a, ...a",
        "e\u0301, \u00e9"
    })
    void harmless_paths_have_one_writing(String sent, String kept) {
        assertThat(ArtifactPath.parse(sent).value()).isEqualTo(kept);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "//a",
                "..",
                ".",
                "../a",
                "a/..",
                "a/../b",
                "./a",
                "a/./b",
                "a\0b",
                "a\nb",
                "a\\b",
                "..\\a",
                "C:a",
                "C:/a",
                "file:/a",
                "s3://b/a",
                "mlflow-artifacts:/a",
                "%2e%2e/a",
                "a/%2E%2e",
                "%2e/a",
                "..%2fa",
                "%252e%252e/a",
                "%25252e%25252e%25252fa",
                "%2e%252e/a",
                "%2fa",
                "a%00",
                "a%5cb",
                "c%3a/a",
                "%2525252525252e",
                "\ud800"
            })
    void what_could_lead_out_is_refused_at_any_depth_of_encoding(String sent) {
        assertThatThrownBy(() -> ArtifactPath.parse(sent))
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        problem -> assertThat(problem.problem().type()).isEqualTo(ProblemType.INVALID));
    }

    @Test
    void names_and_paths_have_a_longest_length() {
        assertThat(ArtifactPath.parse("x".repeat(255)).name()).hasSize(255);
        for (String tooLong : new String[] {"x".repeat(256), "é".repeat(128), "x/".repeat(512) + "xx"}) {
            assertThatThrownBy(() -> ArtifactPath.parse(tooLong)).isInstanceOf(ProblemException.class);
        }
    }

    @Test
    void a_uri_names_a_folder_here_or_nothing_here() {
        assertThat(ArtifactPath.ofUri("mlflow-artifacts:/1/r/artifacts")).contains(new ArtifactPath("1/r/artifacts"));
        assertThat(ArtifactPath.ofUri("mlflow-artifacts:/a%20b/r")).contains(new ArtifactPath("a b/r"));
        assertThat(ArtifactPath.ofUri("s3://b/r")).isEmpty();
    }
}
