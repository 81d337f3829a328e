package io.modelward.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelFilesTest {

    @TempDir
    private Path directory;

    private Path model;

    @BeforeEach
    void modelDirectory() throws IOException {
        model = Files.createDirectories(directory.resolve("model"));
        write("model.joblib");
    }

    @Test
    void a_file_keeps_its_name() throws IOException {
        List<ModelFile> files = ModelFiles.of(model.resolve("model.joblib"), directory.resolve("card.json"));
        assertThat(files).singleElement().satisfies(file -> {
            assertThat(file.path().value()).isEqualTo("model.joblib");
            assertThat(file.size()).isEqualTo(12);
        });
    }

    @Test
    void a_directory_gives_all_but_junk_and_the_card() throws IOException {
        write("card.json");
        write("code/helper.py");
        write("code/__pycache__/helper.pyc");
        write(".DS_Store");
        write("._model.joblib");
        write(".modelward/sample.json");
        assertThat(paths(model.resolve("card.json")))
                .containsExactly(".modelward/sample.json", "code/helper.py", "model.joblib");
    }

    @Test
    void a_link_inside_the_directory_is_followed() throws IOException {
        Files.createSymbolicLink(model.resolve("alias.joblib"), Path.of("model.joblib"));
        assertThat(paths(model.resolve("card.json"))).containsExactly("alias.joblib", "model.joblib");
    }

    @Test
    void a_link_to_outside_is_refused() throws IOException {
        Files.writeString(directory.resolve("secret"), "x");
        Files.createSymbolicLink(model.resolve("link"), Path.of("../secret"));
        assertThatThrownBy(() -> paths(model.resolve("card.json")))
                .isInstanceOf(Usage.class)
                .hasMessageContaining("outside");
    }

    @Test
    void a_link_to_a_directory_or_to_nothing_is_refused() throws IOException {
        Path loop = Files.createSymbolicLink(model.resolve("loop"), Path.of("."));
        assertThatThrownBy(() -> paths(model.resolve("card.json")))
                .isInstanceOf(Usage.class)
                .hasMessageContaining("directory");
        Files.delete(loop);
        Files.createSymbolicLink(model.resolve("loose"), Path.of("nothing"));
        assertThatThrownBy(() -> paths(model.resolve("card.json")))
                .isInstanceOf(Usage.class)
                .hasMessageContaining("nothing");
    }

    @Test
    void files_that_differ_in_case_only_are_refused() throws IOException {
        write("README");
        write("readme");
        Assumptions.assumeTrue(model.toFile().list().length == 3, "this file system knows no case");
        assertThatThrownBy(() -> paths(model.resolve("card.json")))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("README and readme");
    }

    @Test
    void a_directory_without_files_is_refused() throws IOException {
        Files.delete(model.resolve("model.joblib"));
        assertThatThrownBy(() -> paths(model.resolve("card.json"))).isInstanceOf(Usage.class);
    }

    private List<String> paths(Path card) throws IOException {
        return ModelFiles.of(model, card).stream()
                .map(file -> file.path().value())
                .toList();
    }

    private void write(String path) throws IOException {
        Path file = model.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, path);
    }
}
