package io.modelward.pages.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class AssetsTest {

    private final Assets assets = new Assets();

    @Test
    void all_scripts_and_styles_together_are_below_60_kB() {
        assertThat(assets.compressedSize()).isBetween(20_000, 60_000);
    }

    @Test
    void an_address_has_the_hash_of_the_content() {
        assertThat(assets.address("app.css")).matches("/static/app-[0-9a-f]{16}\\.css");
        assertThat(assets.address("htmx.js")).isEqualTo(new Assets().address("htmx.js"));
        assertThatThrownBy(() -> assets.address("other.js")).isInstanceOf(IllegalArgumentException.class);
    }
}
