package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.util.OptionalLong;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SensitivityTest {

    private static final long SEED = 3;

    @ParameterizedTest
    @CsvSource({
        "0.05, 0.01, 0, 0.20, 48, 60",
        "0.05, 0.01, 0, 0.10, 285, 365",
        "0.01, 0.05, 0, 0.20, 12, 16",
        "0.01, 0.05, 0, 0.10, 34, 42",
        "0.00, 0.01, 0.01, 0.05, 160, 215",
        "0.00, 0.01, 0.01, 1.00, 2, 6"
    })
    void says_how_many_requests_a_harm_takes(
            double points, double alpha, double active, double candidate, long least, long most) {
        assertThat(of(points, alpha, active).candidateRequests(active, candidate))
                .as("seed %d", SEED)
                .isPresent();
        assertThat(of(points, alpha, active)
                        .candidateRequests(active, candidate)
                        .orElse(0))
                .as("seed %d", SEED)
                .isBetween(least, most);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0.01, 0.01",
        "0, 0, 0",
        "0.05, 0.01, 0.06",
        "0.05, 0.01, 0.01",
        "0.05, 0.01, 0.0601",
        "0.05, 0.98, 1"
    })
    void says_nothing_of_what_is_no_harm_or_too_little(double points, double active, double candidate) {
        assertThat(of(points, 0.01, active).candidateRequests(active, candidate))
                .isEmpty();
    }

    @Test
    void the_same_seed_gives_the_same_answer() {
        OptionalLong one = of(0.05, 0.01, 0).candidateRequests(0, 0.1);
        assertThat(of(0.05, 0.01, 0).candidateRequests(0, 0.1)).isEqualTo(one);
    }

    @Test
    void refuses_what_is_out_of_range() {
        Limit limit = new Limit(new Margin(1, 0), 0.01);
        var random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
        Problems.invalid("split", () -> new Sensitivity(limit, 0, 0, random));
        Problems.invalid("split", () -> new Sensitivity(limit, 1, 0, random));
        Problems.invalid("prior", () -> new Sensitivity(limit, 0.5, 2, random));
        Problems.invalid("active", () -> of(0, 0.01, 0).candidateRequests(-0.1, 0));
        Problems.invalid("candidate", () -> of(0, 0.01, 0).candidateRequests(0, Double.NaN));
    }

    private static Sensitivity of(double points, double alpha, double prior) {
        return new Sensitivity(
                new Limit(new Margin(1, points), alpha),
                0.05,
                prior,
                RandomGeneratorFactory.of("L64X128MixRandom").create(SEED));
    }
}
