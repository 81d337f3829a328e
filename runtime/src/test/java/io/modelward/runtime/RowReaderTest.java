package io.modelward.runtime;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import io.modelward.core.signature.MlflowSignature;
import io.modelward.core.signature.Signature;
import java.util.List;
import org.junit.jupiter.api.Test;

class RowReaderTest {

    private static Signature columns(String second) {
        return MlflowSignature.read(
                        Json.object()
                                .put(
                                        "inputs",
                                        "[{\"name\":\"a\",\"type\":\"double\"},{\"name\":\"b\",\"type\":\"" + second
                                                + "\"}]"),
                        false)
                .orElseThrow();
    }

    @Test
    void numbers_that_a_double_holds_travel_as_a_matrix() {
        assertThat(RowReader.of(columns("double")).form()).isEqualTo(RowReader.Form.MATRIX);
        assertThat(RowReader.of(columns("integer")).form()).isEqualTo(RowReader.Form.MATRIX);
    }

    @Test
    void whole_numbers_of_64_bits_keep_every_digit() {
        RowReader reader = RowReader.of(columns("long"));
        assertThat(reader.read(List.of(Json.parse("[1.5,9007199254740993]", "row"))))
                .isInstanceOfSatisfying(
                        Instances.Table.class,
                        table -> assertThat(new String(table.cells().get(1).text(), UTF_8))
                                .isEqualTo("9007199254740993"));
    }
}
