package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import tools.jackson.databind.JsonNode;

/** Pages of a server with as much as large teams have. */
@Tag("process")
@ExtendWith(Shared.class)
class LargeExhibitTest {

    /**
     * In which a list is answered, on a machine that does much else: a list that looks at all rows takes longer. The
     * goal of 200 ms is held to by the heavy tests.
     */
    private static final Duration BUSY = Duration.ofSeconds(1);

    private static final Duration GOAL = Duration.ofMillis(200);

    @Test
    void the_exhibit_has_as_much_as_it_says(Shared shared) throws Exception {
        LargeExhibit large = shared.large();
        JsonNode model = large.client().look(ExhibitModels.address(LargeExhibit.MODEL));
        assertThat(model.path("versions").intValue()).isEqualTo(LargeExhibit.Sizes.OF_THE_GATE.versions());
        JsonNode best = large.client()
                .look("/api/v1/runs?order_by=" + ExhibitClient.part("metrics.accuracy DESC") + "&experiment="
                        + large.experiment() + "&page_size=1");
        assertThat(best.at("/runs/0/run").asString()).isEqualTo(large.best());
        assertThat(large.client()
                        .look("/api/v1/models?search=model-999&page_size=10")
                        .path("models"))
                .hasSize(1);
    }

    @Test
    void each_list_is_answered_soon(Shared shared) throws Exception {
        assertThat(new LargeLists(shared.large(), LargeExhibit.Sizes.OF_THE_GATE, BUSY).late())
                .isEmpty();
    }

    @Test
    @Tag("heavy")
    void each_list_of_ten_times_as_much_is_answered_soon() throws Exception {
        LargeExhibit.Sizes sizes = LargeExhibit.Sizes.HEAVY;
        try (LargeExhibit larger = new LargeExhibit(sizes)) {
            assertThat(new LargeLists(larger, sizes, GOAL).late()).isEmpty();
        }
    }
}
