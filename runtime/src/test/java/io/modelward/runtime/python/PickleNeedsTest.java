package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PickleNeedsTest {

    private static final Map<String, String> RELEASES =
            Map.of("scikit-learn", "1.9.1", "numpy", "2.4.6", "pandas", "3.1.1", "joblib", "1.6.0");
    private static final SharedEnvironment SHARED = new SharedEnvironment(RELEASES, false);
    private static final String ENVIRONMENT =
            "{\"python\":\"3.12.1\",\"packages\":{\"numpy\":\"2.1.0\",\"scikit-learn\":\"1.6.1\"}}";

    private static ModelSource source(Map<String, String> files) {
        List<FileEntry> entries = files.entrySet().stream()
                .map(file -> new FileEntry(
                        FilePath.parse(file.getKey()),
                        file.getValue().length(),
                        Digest.of(file.getValue().getBytes(StandardCharsets.UTF_8))))
                .toList();
        return new ModelSource(
                "default/a@1.0.0",
                Digest.of(new byte[0]),
                entries,
                entry ->
                        new ByteArrayInputStream(files.get(entry.path().value()).getBytes(StandardCharsets.UTF_8)),
                Signature.unknown());
    }

    private static Optional<PickleNeeds> needs(String requirements, Map<String, String> pickled) throws IOException {
        return PickleNeeds.of(
                source(Map.of(".modelward/environment.json", ENVIRONMENT, ".modelward/requirements.txt", requirements)),
                pickled,
                SHARED);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            scikit-learn==1.9.0            | true
            scikit-learn==1.9.1            | true
            numpy==2.0.0                   | true
            Pandas                         | true
            scikit-learn==1.8.9            | false
            numpy==1.26.4                  | false
            numpy>=2                       | false
            xgboost==3.1.1                 | false
            """)
    void the_environment_that_all_share_will_do_for_the_same_release_as_far_as_pickles_care(
            String line, boolean suffices) throws IOException {
        assertThat(needs(line + "\n", Map.of()).isEmpty()).isEqualTo(suffices);
    }

    @Test
    void an_environment_of_its_own_has_what_is_asked_for_and_what_loading_needs() throws IOException {
        PickleNeeds needs = needs("xgboost==3.1.1\nnumpy==2.2.0\n", Map.of()).orElseThrow();
        assertThat(needs.lock().lines())
                .containsExactly(
                        "cloudpickle", "joblib", "numpy==2.2.0", "pandas", "scikit-learn==1.6.1", "xgboost==3.1.1");
        assertThat(needs.sharedMayDo()).as("there is no xgboost").isFalse();
    }

    @Test
    void without_requirements_the_pickle_says_which_scikit_learn() throws IOException {
        ModelSource source = source(Map.of(".modelward/environment.json", ENVIRONMENT));
        assertThat(PickleNeeds.of(source, Map.of(), SHARED))
                .as("no model of scikit-learn")
                .isEmpty();
        assertThat(PickleNeeds.of(source, Map.of("scikit-learn", "1.9.0"), SHARED))
                .isEmpty();
        PickleNeeds old =
                PickleNeeds.of(source, Map.of("scikit-learn", "1.6.1"), SHARED).orElseThrow();
        assertThat(old.lock().lines()).contains("scikit-learn==1.6.1", "numpy==2.1.0");
        assertThat(old.sharedMayDo()).isTrue();
        assertThat(PickleNeeds.of(source(Map.of()), Map.of("scikit-learn", "1.6.1"), SHARED)
                        .orElseThrow()
                        .lock()
                        .lines())
                .contains("scikit-learn==1.6.1", "numpy");
    }

    @Test
    void an_environment_that_an_operator_chose_lacks_packages_only_and_one_that_cannot_be_asked_lacks_nothing()
            throws IOException {
        Map<String, String> files = Map.of(".modelward/requirements.txt", "xgboost==3.1.1\n");
        SharedEnvironment chosen = new SharedEnvironment(RELEASES, true);
        assertThat(PickleNeeds.of(source(Map.of()), Map.of("scikit-learn", "1.6.1"), chosen))
                .isEmpty();
        assertThat(PickleNeeds.of(source(files), Map.of(), chosen)).isPresent();
        SharedEnvironment silent = new SharedEnvironment(Map.of(), true);
        assertThat(PickleNeeds.of(source(files), Map.of("scikit-learn", "1.6.1"), silent))
                .isEmpty();
    }

    @Test
    void what_is_no_package_of_the_registry_is_refused_by_its_line() {
        assertThatThrownBy(() -> needs("numpy==2.4.6\n--index-url http://127.0.0.1/\n", Map.of()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("--index-url http://127.0.0.1/");
    }
}
