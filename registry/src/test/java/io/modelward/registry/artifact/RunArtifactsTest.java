package io.modelward.registry.artifact;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.artifact.ArtifactPath;
import org.junit.jupiter.api.Test;

class RunArtifactsTest {

    @Test
    void a_path_of_a_run_lies_below_the_folder_that_the_uri_names() {
        RunArtifacts run = new RunArtifacts("mlflow-artifacts:/1/r");
        assertThat(run.at("m/f")).isEqualTo(new ArtifactPath("1/r/m/f"));
        assertThat(run.at("")).isEqualTo(new ArtifactPath("1/r"));
    }
}
