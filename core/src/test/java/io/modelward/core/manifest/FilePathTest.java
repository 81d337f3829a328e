package io.modelward.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FilePathTest {

    @ParameterizedTest
    @ValueSource(
            strings = {"a", "model.joblib", "a/b/c.txt", ".gitattributes", "...", "a b", "código/é.py", "😀", "-", "~"})
    void takesRelativePaths(String text) {
        assertThat(FilePath.parse(text).value()).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/a",
                "a/",
                "a//b",
                ".",
                "..",
                "./a",
                "../a",
                "a/../b",
                "a/..",
                "a/./b",
                "a\\b",
                "..\\a",
                "a\u0000b",
                "a\nb",
                "a\u007f",
                "a\u0085",
                "e\u0301",
                "C:evil",
                "c:/evil",
                "\ud800",
                "a/\udc00b",
                "\u212b"
            })
    void refusesWhatCouldLeaveTheDirectoryOrDifferBetweenSystems(String text) {
        Problems.invalid("path", () -> FilePath.parse(text));
    }

    @Test
    void limitsItsLengthInBytes() {
        String segment = "é".repeat(127);
        FilePath.parse(segment + "x");
        Problems.invalid("path", () -> FilePath.parse(segment + "xy"));
        FilePath.parse("a/".repeat(511) + "aa");
        Problems.invalid("path", () -> FilePath.parse("a/".repeat(512) + "a"));
        Problems.invalid("path", () -> FilePath.parse("x".repeat(10_000_000)));
    }

    @Test
    void foldsCaseForCollisions() {
        assertThat(FilePath.parse("Model/É.TXT").collisionKey())
                .isEqualTo(FilePath.parse("model/é.txt").collisionKey());
        assertThat(FilePath.parse("ς").collisionKey())
                .isEqualTo(FilePath.parse("Σ").collisionKey());
        assertThat(FilePath.parse("a").collisionKey())
                .isNotEqualTo(FilePath.parse("b").collisionKey());
    }

    @Test
    void ordersByCodePointNotByUtf16() {
        assertThat(FilePath.parse("\uFFFD")).isLessThan(FilePath.parse("😀"));
        assertThat("\uFFFD").isGreaterThan("😀");
        assertThat(FilePath.parse("a-b")).isLessThan(FilePath.parse("a/b"));
    }
}
