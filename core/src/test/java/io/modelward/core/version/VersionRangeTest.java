package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class VersionRangeTest {

    /** The table was written by node-semver itself. */
    @Test
    void findsTheVersionsThatNodeSemverFinds() throws IOException {
        List<String> lines;
        try (InputStream in = VersionRangeTest.class.getResourceAsStream("ranges.txt")) {
            lines = new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
        List<SemVer> versions =
                List.of(lines.get(1).split(" ")).stream().map(SemVer::parse).toList();
        for (String line : lines.subList(2, lines.size())) {
            String[] parts = line.split("\t");
            VersionRange range = VersionRange.parse(parts[0]);
            String found =
                    versions.stream().map(v -> range.contains(v) ? "1" : "0").collect(Collectors.joining());
            assertThat(found).as(parts[0]).isEqualTo(parts[1]);
        }
    }

    @Test
    void keepsItsTextWithSingleSpaces() {
        assertThat(VersionRange.parse("  >=1   <2 ")).hasToString(">=1 <2");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "||",
                "1.x ||",
                "^",
                "^^1",
                "^v1",
                "v1.x",
                "^1.02",
                "^1.2.3.4",
                ">=1,<2",
                "1.2-rc",
                "^1.2.3-",
                "^1.2.3-01",
                "^1.2.3-a..b",
                "latest",
                "^99999999999999999999",
                "^9223372036854775807",
                "1 -2 - 3",
                "!1"
            })
    void refusesWhatIsNoRange(String text) {
        Problems.invalid("selector", () -> VersionRange.parse(text));
    }

    @Test
    void refusesALongTextWithoutRepeatingIt() {
        assertThat(Problems.invalid("selector", () -> VersionRange.parse("^1 ".repeat(1000)))
                        .detail())
                .hasSizeLessThan(200);
    }
}
