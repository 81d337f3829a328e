package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The valid and invalid texts are those that semver.org gives with its regular expression. */
class SemVerTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.4",
                "1.2.3",
                "10.20.30",
                "1.1.2-prerelease+meta",
                "1.1.2+meta",
                "1.1.2+meta-valid",
                "1.0.0-alpha",
                "1.0.0-beta",
                "1.0.0-alpha.beta",
                "1.0.0-alpha.beta.1",
                "1.0.0-alpha.1",
                "1.0.0-alpha0.valid",
                "1.0.0-alpha.0valid",
                "1.0.0-alpha-a.b-c-somethinglong+build.1-aef.1-its-okay",
                "1.0.0-rc.1+build.1",
                "2.0.0-rc.1+build.123",
                "1.2.3-beta",
                "10.2.3-DEV-SNAPSHOT",
                "1.2.3-SNAPSHOT-123",
                "1.0.0",
                "2.0.0",
                "1.1.7",
                "2.0.0+build.1848",
                "2.0.1-alpha.1227",
                "1.0.0-alpha+beta",
                "1.2.3----RC-SNAPSHOT.12.9.1--.12+788",
                "1.2.3----R-S.12.9.1--.12+meta",
                "1.2.3----RC-SNAPSHOT.12.9.1--.12",
                "1.0.0+0.build.1-rc.10000aaa-kk-0.1",
                "1.0.0-0A.is.legal",
                "1.0.0-99999999999999999999999",
                "9223372036854775807.0.0"
            })
    void readsAndWritesBackWhatTheSpecificationAllows(String text) {
        assertThat(SemVer.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "1",
                "1.2",
                "1.2.3-0123",
                "1.2.3-0123.0123",
                "1.1.2+.123",
                "+invalid",
                "-invalid",
                "-invalid+invalid",
                "-invalid.01",
                "alpha",
                "alpha.beta",
                "alpha.beta.1",
                "alpha.1",
                "alpha+beta",
                "alpha_beta",
                "alpha.",
                "alpha..",
                "beta",
                "1.0.0-alpha_beta",
                "-alpha.",
                "1.0.0-alpha..",
                "1.0.0-alpha..1",
                "1.0.0-alpha...1",
                "1.0.0-",
                "1.0.0+",
                "01.1.1",
                "1.01.1",
                "1.1.01",
                "1.2.3.DEV",
                "1.2-SNAPSHOT",
                "1.2.31.2.3----RC-SNAPSHOT.12.09.1--..12+788",
                "1.2-RC-SNAPSHOT",
                "-1.0.3-gamma+b7718",
                "+justmeta",
                "9.8.7+meta+meta",
                "9.8.7-whatever+meta+meta",
                "99999999999999999999999.0.0",
                "1.2.3 ",
                " 1.2.3",
                "1.2.3\n",
                "1.2.٣",
                "1.-2.3",
                "1.+2.3",
                "v1.2.3",
                "V1.2.3",
                "=1.2.3"
            })
    void refusesWhatItDoesNot(String text) {
        Problems.invalid("version", () -> SemVer.parse(text));
        assertThat(SemVer.tryParse(text)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            v1.2.3     | has no v in front: write "1.2.3"
            1.02.3     | The minor number "02" has a leading zero
            1.2        | has three numbers
            1.2.3-01   | The pre-release number "01" has a leading zero
            1..3       | The minor number is missing
            1.2.x      | The patch number is "x"
            1.2.3+     | Nothing follows the +
            """)
    void saysWhatIsWrong(String text, String hint) {
        assertThat(Problems.invalid("version", () -> SemVer.parse(text)).detail())
                .contains(hint);
    }

    @Test
    void refusesMoreThan128Characters() {
        assertThat(SemVer.parse("1.0.0-" + "a".repeat(122)).toString()).hasSize(128);
        Problems.invalid("version", () -> SemVer.parse("1.0.0-" + "a".repeat(123)));
        Problems.invalid("version", () -> new SemVer(1, 0, 0, List.of("a".repeat(123)), ""));
    }

    @Test
    void theConstructorHoldsToTheGrammarToo() {
        Problems.invalid("version", () -> new SemVer(-1, 0, 0, List.of(), ""));
        Problems.invalid("version", () -> new SemVer(1, 0, 0, List.of(""), ""));
        Problems.invalid("version", () -> new SemVer(1, 0, 0, List.of("a.b"), "x..y"));
        Problems.invalid("version", () -> new SemVer(1, 0, 0, List.of("a.b"), ""));
    }

    @ParameterizedTest
    @CsvSource({
        "1.2.3, patch, 1.2.4",
        "1.2.3, minor, 1.3.0",
        "1.2.3+b, major, 2.0.0",
        "2.0.0-rc.1, patch, 2.0.0",
        "2.0.0-rc.1, minor, 2.0.0",
        "2.0.0-rc.1, major, 2.0.0",
        "1.2.0-rc.1, minor, 1.2.0",
        "1.2.0-rc.1, major, 2.0.0",
        "1.2.1-rc.1, minor, 1.3.0"
    })
    void goesToTheNextVersion(String from, String bump, String to) {
        assertThat(SemVer.parse(from).next(Bump.parse(bump))).hasToString(to);
    }

    @Test
    void doesNotGoBeyondTheLargestNumber() {
        Problems.refused("version", () -> SemVer.of(Long.MAX_VALUE, 0, 0).next(Bump.MAJOR));
    }

    @Test
    void aBumpIsOneOfThreeWords() {
        assertThat(Bump.parse("minor")).isEqualTo(Bump.MINOR);
        assertThat(Bump.MAJOR.label()).isEqualTo("major");
        assertThat(Bump.PATCH.or(Bump.MINOR)).isEqualTo(Bump.MINOR);
        Problems.invalid("bump", () -> Bump.parse("Minor"));
    }
}
