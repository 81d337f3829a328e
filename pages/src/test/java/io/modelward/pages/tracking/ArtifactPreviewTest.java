package io.modelward.pages.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.pages.tracking.ArtifactPreview.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ArtifactPreviewTest {

    private static ArtifactPreview of(String name, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return ArtifactPreview.of(name, bytes.length, bytes);
    }

    @ParameterizedTest
    @CsvSource({
        "89504e470d0a1a0a0000, image/png",
        "ffd8ffe000104a464946, image/jpeg",
        "474946383961, image/gif",
        "52494646240000005745425056503820, image/webp",
        "52494646240000005741564556503820, ",
        "3c737667, ",
        "8950, "
    })
    void an_image_is_told_by_its_first_bytes(String hex, String type) {
        byte[] bytes = HexFormat.of().parseHex(hex);
        assertThat(ImageType.of(bytes).orElse(null)).isEqualTo(type);
        assertThat(ArtifactPreview.of("plot.txt", bytes.length, bytes).kind() == Kind.IMAGE)
                .isEqualTo(type != null);
    }

    @Test
    @Timeout(10)
    void a_very_long_value_that_is_almost_a_number_is_told_quickly() {
        ArtifactPreview table = of("long.csv", "a,b\n" + "1".repeat(900_000) + "x,2.5\n");
        assertThat(table.numbers()).containsExactly(false, true);
    }

    @ParameterizedTest
    @CsvSource({
        "plot.svg, hello",
        "plot.png, <svg onload=alert(1)>",
        "x.txt, ' <!DOCTYPE html><script>'",
        "x.HTM, text",
        "x.csv, '<?xml version=\"1.0\"?>'"
    })
    void what_a_browser_could_run_is_never_shown(String name, String text) {
        assertThat(of(name, text)).isEqualTo(new ArtifactPreview(Kind.MARKUP, "", List.of(), false));
    }

    @Test
    void bytes_that_are_no_text_are_not_shown() {
        assertThat(ArtifactPreview.of("a.txt", 3, new byte[] {65, 0, 66}).kind())
                .isEqualTo(Kind.BYTES);
        assertThat(ArtifactPreview.of("a.txt", 2, new byte[] {(byte) 0xc3, 65}).kind())
                .isEqualTo(Kind.BYTES);
        assertThat(ArtifactPreview.of("a.txt", 0, new byte[0]).kind()).isEqualTo(Kind.EMPTY);
    }

    @Test
    void a_text_that_is_cut_within_a_character_is_shown_up_to_the_character() {
        byte[] bytes = "aé".getBytes(StandardCharsets.UTF_8);
        ArtifactPreview preview = ArtifactPreview.of("a.log", 100, java.util.Arrays.copyOf(bytes, 2));
        assertThat(preview).isEqualTo(new ArtifactPreview(Kind.TEXT, "a", List.of(), true));
    }

    @Test
    void json_is_indented_and_its_numbers_stay_as_they_were_written() {
        assertThat(of("a.json", "{\"a\":[1, 2.50,{\"b\\\"\":1e40}],\"c\":{ },\"d\":\"{[,:\"}")
                        .text())
                .isEqualTo("""
                        {
                          "a": [
                            1,
                            2.50,
                            {
                              "b\\"": 1e40
                            }
                          ],
                          "c": {},
                          "d": "{[,:"
                        }""");
        assertThat(of("a.json", "{\"a\":").kind()).isEqualTo(Kind.TEXT);
    }

    @Test
    void json_that_would_grow_without_end_is_shown_as_it_is() {
        String item = "[".repeat(60) + "]".repeat(60);
        String deep = "[" + (item + ",").repeat(7000) + "1]";
        assertThat(of("a.json", deep).kind()).isEqualTo(Kind.TEXT);
    }

    @Test
    void a_table_has_quoted_values_and_its_columns_of_numbers_are_known() {
        ArtifactPreview table = of("a.csv", "\uFEFFid,note\r\n1,\"a, \"\"b\"\"\nc\"\r\n-2.5e3,\n");
        assertThat(table.rows())
                .containsExactly(List.of("id", "note"), List.of("1", "a, \"b\"\nc"), List.of("-2.5e3", ""));
        assertThat(table.numbers().get(0)).isTrue();
        assertThat(table.numbers().get(1)).isFalse();
        assertThat(table.cut()).isFalse();
        assertThat(of("a.tsv", "a\tb\n1\t2").rows()).containsExactly(List.of("a", "b"), List.of("1", "2"));
    }

    @Test
    void a_table_with_many_rows_or_columns_is_cut_and_so_is_the_last_row_of_a_cut_file() {
        ArtifactPreview rows = of("a.csv", "x\n".repeat(501));
        assertThat(rows.rows()).hasSize(500);
        assertThat(rows.cut()).isTrue();
        ArtifactPreview columns = of("a.csv", "x,".repeat(60));
        assertThat(columns.rows().getFirst()).hasSize(50);
        assertThat(columns.cut()).isTrue();
        ArtifactPreview half = ArtifactPreview.of("a.csv", 100, "a,b\n1,2".getBytes(StandardCharsets.UTF_8));
        assertThat(half.rows()).containsExactly(List.of("a", "b"));
        assertThat(half.cut()).isTrue();
    }
}
