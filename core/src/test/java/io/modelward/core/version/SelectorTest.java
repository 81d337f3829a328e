package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SelectorTest {

    private static final String DIGEST = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @ParameterizedTest
    @CsvSource({
        "1.4.2, Exact",
        "1.4.2-rc.1+b, Exact",
        "^1.4, Range",
        "~1.2.0, Range",
        ">=1 <2, Range",
        "1.x, Range",
        "1.2.x, Range",
        "1.2.*, Range",
        "*, Range",
        "x, Range",
        "1.2 - 2.3, Range",
        "1.2.3||2.0.0, Range",
        "latest, Latest",
        "champion, Alias",
        "Champion, Alias",
        "2024-06-champion, Alias",
        "v1, Alias",
        "prod.eu_1-b, Alias",
        "ordinal:3, ByOrdinal",
        DIGEST + ", ByDigest"
    })
    void eachLookHasOneMeaning(String text, String kind) {
        Selector selector = Selector.parse(text);
        assertThat(selector.getClass().getSimpleName()).isEqualTo(kind);
        assertThat(selector).hasToString(text);
        assertThat(Selector.parse(selector.toString())).isEqualTo(selector);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            3           | ordinal:3
            3           | ^3
            1.4         | ~1.4 or ^1.4
            v1.4.2      | has no v in front
            01.4.2      | leading zero
            1.4.2.1     | three numbers
            1.4.2-01    | leading zero
            ordinal:0   | from 1
            ordinal:03  | from 1
            ordinal:    | from 1
            ordinal:-1  | from 1
            ordinal:9999999999999999999 | from 1
            sha256:abc  | 64
            a/b         | alias
            ^           | range
            foo!bar     | alias
            """)
    void refusesWithAHint(String text, String hint) {
        assertThat(Problems.invalid("selector", () -> Selector.parse(text)).detail())
                .contains(hint);
    }

    @Test
    void refusesNothing() {
        Problems.invalid("selector", () -> Selector.parse(""));
        Problems.invalid("selector", () -> Selector.parse("a\u0000b"));
        Problems.invalid("selector", () -> Selector.parse("x".repeat(100_000)));
        Problems.invalid("selector", () -> Selector.parse("1".repeat(100_000)));
        Problems.invalid("selector", () -> Selector.parse("1." + "1".repeat(100_000)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "latest",
                "laTest",
                "1.2.3",
                "1.2",
                "1.x",
                "v1.2.3",
                "v1.2",
                "12",
                "x",
                "sha256-x",
                "ordinal1",
                ".a",
                "a b",
                "a/b",
                "a@b",
                "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
                "da39a3ee5e6b4b0d3255bfef95601890afd80709",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void anAliasLooksLikeNothingElse(String text) {
        Problems.invalid("alias", () -> AliasName.parse(text));
    }

    @Test
    void everyAliasIsReadAsAnAlias() {
        for (String text : new String[] {"a", "0a", "1-rc", "prod", "x1", "x.y", "v1", "v2-final", "latest-good"}) {
            assertThat(Selector.parse(AliasName.parse(text).value()))
                    .isEqualTo(new Selector.Alias(new AliasName(text)));
        }
    }

    @Test
    void aReferenceIsAModelAndASelector() {
        assertThat(Reference.parse("iris")).hasToString("default/iris@latest");
        assertThat(Reference.parse("vision/iris@^1.4")).hasToString("vision/iris@^1.4");
        assertThat(Reference.parse("iris@>=1 <2").selector()).isInstanceOf(Selector.Range.class);
        Problems.invalid("selector", () -> Reference.parse("iris@"));
        Problems.invalid("selector", () -> Reference.parse("iris@a@b"));
        Problems.invalid("selector", () -> Reference.parse("iris@3"));
        Problems.invalid("name", () -> Reference.parse("@latest"));
        Problems.invalid("model", () -> Reference.parse("a/b/c@latest"));
    }
}
