package io.modelward.pages.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CardValuesTest {

    @Test
    void a_name_is_read_as_words() {
        assertThat(CardValues.label("training_data")).isEqualTo("training data");
        assertThat(CardValues.label("n")).isEqualTo("n");
        assertThat(CardValues.label("_n")).isEqualTo("_n");
    }

    @Test
    void a_very_long_name_is_shown_as_it_is() {
        String name = "a" + "_a".repeat(100_000);
        assertThat(CardValues.label(name)).isEqualTo(name);
    }
}
