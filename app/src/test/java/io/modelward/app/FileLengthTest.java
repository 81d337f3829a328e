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

/** Files stay small enough to be read in one go: median at most 70 lines, 95th percentile 300, none over 500. */
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
        List<Integer> main = lengths.entrySet().stream()
                .filter(entry ->
                        entry.getKey().contains("/main/") || entry.getKey().startsWith("python/src/"))
                .map(Map.Entry::getValue)
                .sorted()
                .toList();
        assertThat(main.get(main.size() / 2)).as("median").isLessThanOrEqualTo(70);
        assertThat(main.get(main.size() * 95 / 100)).as("95th percentile").isLessThanOrEqualTo(300);
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
