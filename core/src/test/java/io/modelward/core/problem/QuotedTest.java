package io.modelward.core.problem;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class QuotedTest {

    @Test
    void quotesShortTextAsItIs() {
        assertThat(Quoted.of("a b😀")).isEqualTo("\"a b😀\"");
    }

    @Test
    void cutsLongTextAfterSixtyCharacters() {
        assertThat(Quoted.plain("x".repeat(60))).isEqualTo("x".repeat(60));
        assertThat(Quoted.plain("x".repeat(61))).isEqualTo("x".repeat(60) + "…");
        assertThat(Quoted.plain("😀".repeat(1000))).isEqualTo("😀".repeat(60) + "…");
    }

    @Test
    void replacesWhatCouldDisturbATerminal() {
        assertThat(Quoted.plain("a\u001b[31m\n\u202e\ud800\u2028")).isEqualTo("a\uFFFD[31m\uFFFD\uFFFD\uFFFD\uFFFD");
    }
}
