package io.modelward.core.search;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class NearestTest {

    private static final List<String> KNOWN = List.of("iris", "churn", "house-prices", "fraud", "default/iris");

    @Test
    void a_letter_that_is_missing_added_changed_or_swapped_is_forgiven() {
        for (String asked : List.of("irs", "iriss", "iras", "irsi", "IRIS")) {
            assertThat(Nearest.of(asked, KNOWN)).as(asked).contains("iris");
        }
        assertThat(Nearest.of("house-pricse", KNOWN)).contains("house-prices");
        assertThat(Nearest.of("default/irsi", KNOWN)).contains("default/iris");
    }

    @Test
    void a_name_that_is_not_near_has_no_nearest() {
        for (String asked : List.of("", "x", "ab", "wine", "version", "delete", "house", "prices", "a".repeat(5000))) {
            assertThat(Nearest.of(asked, KNOWN)).as(asked).isEmpty();
        }
        assertThat(Nearest.words("wine", KNOWN)).isEmpty();
        assertThat(Nearest.words("irsi", KNOWN)).isEqualTo(" Did you mean iris?");
    }

    @Test
    void the_nearest_of_several_is_named() {
        assertThat(Nearest.of("irises", List.of("irisesss", "irise", "iris"))).contains("irise");
    }
}
