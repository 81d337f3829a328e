package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TicksCsvTest {

    private static final Tick ONE = Tick.of(0.05, 5, 1, 95, 0);
    private static final Tick TWO = Tick.of(1, 0, 0, 0, 0);

    @Test
    void reads_ticks_with_or_without_a_header() {
        assertThat(TicksCsv.parse("0.05,5,1,95,0\n1,0,0,0,0\n")).containsExactly(ONE, TWO);
        assertThat(TicksCsv.parse("split,n_canary,x_canary,n_active,x_active\r\n.05,5,1,95,0\r\n\r\n1.0,0,0,0,0"))
                .containsExactly(ONE, TWO);
        assertThat(TicksCsv.parse("\n split, n_canary, x_canary, n_active, x_active\n  \n 5e-2 , 5 , 1 , 95 , 0"))
                .containsExactly(ONE);
        assertThat(TicksCsv.parse("\uFEFF0.05,5,1,95,0")).containsExactly(ONE);
        assertThat(TicksCsv.parse("")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "x,5,1,95,0 | split | 1",
                "NaN,5,1,95,0 | split | 1",
                "1.5,5,1,95,0 | split | 1",
                "-0.1,5,1,95,0 | split | 1",
                "0.05,5.0,1,95,0 | n_canary | 2",
                "0.05,99999999999999999999,1,95,0 | n_canary | 2",
                "0.05,5,6,95,0 | x_canary | 3",
                "0.05,5,-1,95,0 | x_canary | 3",
                "0.05,5,1,,0 | n_active | 4",
                "0.05,5,1,95,96 | x_active | 5",
                "0.05,5,1,95 | x_active | 5",
                "0.05,5,1,95,0,7 | x_active | 5",
                "split,n_canary,x_canary,n_active,x_active | split | 1"
            })
    void a_mistake_is_named_with_its_line_and_column(String line, String name, int column) {
        String text = "split,n_canary,x_canary,n_active,x_active\n\n0.05,5,1,95,0\n" + line + "\n";
        assertThat(Problems.invalid(name, () -> TicksCsv.parse(text)).detail())
                .startsWith("Line 4, column " + column + " (" + name + "): ");
    }
}
