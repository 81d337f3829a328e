package io.modelward.runtime.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequirementsTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            numpy                                | numpy
            Scikit_Learn==1.9.1                  | scikit-learn==1.9.1
            a.b [Z, y] >= 1.0 , < 2 , != 1.5     | a-b[y,z]!=1.5,<2,>=1.0
            a (>=1)                              | a>=1
            torch==2.1.0+cpu                     | torch==2.1.0+cpu
            a==1.*                               | a==1.*
            a===1.0                              | a===1.0
            a~=1.4 ; python_version   < "3.12"   | a~=1.4 ; python_version < "3.12"
            a ; (os_name=='nt' or extra=='x')    | a ; (os_name=='nt' or extra=='x')
            """)
    void a_package_of_the_registry_is_taken_in_normal_form(String line, String normal) {
        assertThat(Requirement.parse(line).map(Requirement::toString)).contains(normal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-r other.txt",
                "-e .",
                "-c constraints.txt",
                "--index-url https://evil.example/simple",
                "--extra-index-url=https://evil.example/simple",
                "--find-links /tmp",
                "--trusted-host evil.example",
                "-i https://evil.example",
                "https://evil.example/a.whl",
                "a @ https://evil.example/a.whl",
                "a@file:///etc/passwd",
                "git+https://evil.example/a.git",
                "./wheels/a.whl",
                "/etc/passwd",
                "..",
                "file:///etc/passwd",
                "a==1 --hash=sha256:00",
                "a==1 --global-option=x",
                "a==1; python_version<'3' --install-option=x",
                "a==${HOME}",
                "a; $(id)",
                "a; python_version<'3 --config-settings=x'",
                "a; python_version",
                "a; python_version < '3' else",
                "a b",
                "a=1",
                "=1",
                "a==-1",
                "a[b"
            })
    void anything_else_is_refused_and_named(String line) {
        Requirements requirements = Requirements.parse(List.of("numpy", line));
        assertThat(requirements.taken()).hasSize(1);
        assertThat(requirements.refused()).hasSize(1);
        assertThat(requirements.refused().getFirst()).contains(line.substring(0, Math.min(20, line.length())));
    }

    @Test
    void comments_and_empty_lines_mean_nothing_and_lines_go_on_after_a_backslash() {
        Requirements requirements = Requirements.parse(List.of("# all", "", "a==1 # why", "b \\", ">=2", "-r\\", "x"));
        assertThat(requirements.taken().stream().map(Requirement::toString)).containsExactly("a==1", "b>=2");
        assertThat(requirements.refused()).containsExactly("\"-r x\"");
    }

    private static EnvironmentLock lock(String... lines) {
        return EnvironmentLock.mlflow(Requirements.parse(List.of(lines)).taken(), Optional.of("3.1.4"));
    }

    @Test
    void mlflow_becomes_its_small_package_and_numpy_and_pandas_are_added() {
        assertThat(lock("mlflow==3.17.2", "scikit-learn==1.9.1", "numpy==2.4.6").lines())
                .containsExactly("mlflow-skinny==3.17.2", "numpy==2.4.6", "pandas", "scikit-learn==1.9.1");
        assertThat(lock("scikit-learn").lines()).contains("mlflow-skinny==3.1.4");
    }

    @Test
    void a_release_without_a_small_package_goes_over_the_newest_before_it() {
        EnvironmentLock whole = lock("mlflow==3.18.0").withWholeMlflow();
        assertThat(whole.lines()).contains("mlflow-skinny<=3.18.0");
        assertThat(whole.onTop()).contains("mlflow==3.18.0");
    }

    @Test
    void the_digest_is_of_what_is_installed_however_it_is_written() {
        Interpreter python = new Interpreter(java.nio.file.Path.of("/usr/bin/python3"), "3.11.2");
        String digest = lock("mlflow==3.17.2", "Numpy == 2.4.6").digest(python, false);
        assertThat(lock("numpy==2.4.6", "# other order", "mlflow==3.17.2").digest(python, false))
                .isEqualTo(digest);
        assertThat(lock("numpy==2.4.5", "mlflow==3.17.2").digest(python, false)).isNotEqualTo(digest);
        assertThat(lock("mlflow==3.17.2", "numpy==2.4.6").digest(python, true)).isNotEqualTo(digest);
        assertThat(lock("mlflow==3.17.2", "numpy==2.4.6").digest(new Interpreter(python.path(), "3.12.0"), false))
                .isNotEqualTo(digest);
    }

    @Test
    void what_pip_says_is_told_without_addresses_and_paths() {
        String output = """
                Looking in indexes: https://user:secret@host/simple
                ERROR: Could not find a version that satisfies the requirement nothere==1 (from versions: none)
                ERROR: No matching distribution found for nothere==1
                """;
        assertThat(PipWords.reason(output, false)).contains("nothere==1").contains("runtime.source-packages");
        assertThat(PipWords.lacks(output, "nothere==1")).isTrue();
        assertThat(PipWords.reason("ERROR: Could not install /var/cache/modelward/x from https://host/simple", true))
                .doesNotContain("/var/cache")
                .doesNotContain("host");
        String conflict = """
                ERROR: Cannot install a==1 and b==2 because these package versions have conflicting dependencies.

                The conflict is caused by:
                    The user requested a==1
                    b 2 depends on a>=2

                ERROR: ResolutionImpossible: for help visit https://pip.pypa.io/en/latest
                """;
        assertThat(PipWords.reason(conflict, false)).contains("The user requested a==1; b 2 depends on a>=2");
    }
}
