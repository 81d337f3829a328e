package io.modelward.pages.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.version.ModelName;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WordsTest {

    private static final Instant NOW = Instant.parse("2026-05-01T12:00:00Z");

    private static String ago(long seconds) {
        return Words.ago(NOW, NOW.minusSeconds(seconds));
    }

    @Test
    void times_tell_how_long_ago_in_their_largest_unit() {
        assertThat(ago(0)).isEqualTo("just now");
        assertThat(ago(59)).isEqualTo("59 seconds ago");
        assertThat(ago(60)).isEqualTo("1 minute ago");
        assertThat(ago(7199)).isEqualTo("1 hour ago");
        assertThat(ago(86_400L * 59)).isEqualTo("59 days ago");
        assertThat(ago(86_400L * 61)).isEqualTo("2 months ago");
        assertThat(ago(86_400L * 800)).isEqualTo("2 years ago");
        assertThat(ago(-90)).isEqualTo("in 1 minute");
        assertThat(Words.exactly(NOW)).isEqualTo("2026-05-01 12:00:00 UTC");
    }

    @Test
    void numbers_are_short_and_never_wrong_about_what_is_no_number() {
        assertThat(Words.number(0)).isEqualTo("0");
        assertThat(Words.number(1234567)).isEqualTo("1,234,567");
        assertThat(Words.number(0.96050)).isEqualTo("0.9605");
        assertThat(Words.number(3.14159)).isEqualTo("3.142");
        assertThat(Words.number(0.9999999)).isEqualTo("0.9999999");
        assertThat(Words.number(1.5e-9)).isEqualTo("1.500e-09");
        assertThat(Words.number(Double.NaN)).isEqualTo("NaN");
        assertThat(Words.number(Double.NEGATIVE_INFINITY)).isEqualTo("−∞");
        assertThat(Words.short3(0.16127)).isEqualTo("0.161");
        assertThat(Words.short3(35.983)).isEqualTo("36");
        assertThat(Words.short3(1234.5)).isEqualTo("1,234");
        assertThat(Words.short3(Double.NaN)).isEqualTo("NaN");
        assertThat(Words.percent(0)).isEqualTo("0 %");
        assertThat(Words.percent(0.00001)).isEqualTo("< 0.01 %");
        assertThat(Words.percent(0.171)).isEqualTo("17.1 %");
        assertThat(Words.percent(1)).isEqualTo("100 %");
        assertThat(Words.bytes(1023)).isEqualTo("1023 B");
        assertThat(Words.bytes(1536)).isEqualTo("1.5 KiB");
        assertThat(Words.bytes(Long.MAX_VALUE)).isEqualTo("8192.0 PiB");
        assertThat(Words.counted(1, "version")).isEqualTo("1 version");
        assertThat(Words.counted(20_000, "version")).isEqualTo("20,000 versions");
    }

    @Test
    void names_are_one_segment_of_an_address_whatever_is_in_them() {
        assertThat(Words.segment("a b/c?d#e%ü")).isEqualTo("a%20b%2Fc%3Fd%23e%25%C3%BC");
        assertThat(Words.path("folder/a b.txt")).isEqualTo("folder/a%20b.txt");
        assertThat(Words.link(ModelName.parse("iris"), "1.0.0+b"))
                .isEqualTo("/ui/models/default/iris/versions/1.0.0%2Bb");
        assertThat(Words.brief("sha256:0123456789abcdef")).isEqualTo("0123456789ab");
        assertThat(Words.brief("short")).isEqualTo("short");
    }
}
