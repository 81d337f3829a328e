package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * Files stay small enough to be read in one go: none has over 500 lines. No rule asks for small ones: what is read
 * together stands together.
 */
class FileLengthTest {

    private static final Path ROOT = Path.of(System.getProperty("modelward.root"));
    private static final List<String> SOURCES = List.of(".java", ".py", ".sql", ".sh");

    @Test
    void files_are_short() throws Exception {
        Map<String, Integer> lengths = new TreeMap<>();
        for (String name : tracked()) {
            Path file = ROOT.resolve(name);
            if (SOURCES.stream().anyMatch(name::endsWith) && Files.exists(file)) {
                lengths.put(name, Files.readAllLines(file).size());
            }
        }
        assertThat(lengths).hasSizeGreaterThan(150);
        assertThat(lengths)
                .allSatisfy((name, lines) -> assertThat(lines).as(name).isLessThanOrEqualTo(500));
    }

    private static List<String> tracked() throws IOException, InterruptedException {
        Process git = new ProcessBuilder("git", "-c", "safe.directory=*", "ls-files")
                .directory(ROOT.toFile())
                .start();
        List<String> names = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
                .lines()
                .toList();
        assertThat(git.waitFor()).isZero();
        return names;
    }
}
