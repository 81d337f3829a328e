package io.modelward.core.job;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.json.Json;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ToleranceTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            1               | 1               | 0
            1               | 1.0             | 0
            0               | -0.0            | 0
            0.5             | 0.25            | 0.25
            100             | 101             | 0.009900990099009901
            1               | "1"             | Infinity
            null            | null            | 0
            null            | 0               | Infinity
            true            | false           | Infinity
            [1,2]           | [1,2.5]         | 0.2
            [1]             | [1,2]           | Infinity
            {"a":1,"b":"x"} | {"b":"x","a":1} | 0
            {"a":1}         | {"b":1}         | Infinity
            {"a":[1,{"b":2}]} | {"a":[1,{"b":4}]} | 0.5
            [0.1,"x"]       | [0.1,"y"]       | Infinity
            1e308           | -1e308          | Infinity
            9007199254740993 | 9007199254740992 | 4.9E-324
            9007199254740993 | 9007199254740993 | 0
            """)
    void a_distance_is_a_share_of_the_larger_number_and_infinite_between_what_are_no_numbers(
            String one, String other, double distance) {
        assertThat(Tolerance.distance(Json.parse(one, "one"), Json.parse(other, "other")))
                .isEqualTo(distance);
    }

    @Test
    void numbers_that_are_none_are_equal_to_each_other_only() {
        assertThat(Tolerance.distance(Double.NaN, Double.NaN)).isZero();
        assertThat(Tolerance.distance(Double.NaN, 1)).isInfinite();
        assertThat(Tolerance.distance(Double.POSITIVE_INFINITY, Double.POSITIVE_INFINITY))
                .isZero();
        assertThat(Tolerance.distance(Double.POSITIVE_INFINITY, 1)).isInfinite();
        assertThat(new Tolerance(1).allows(Double.POSITIVE_INFINITY)).isFalse();
        assertThat(new Tolerance(0).allows(0)).isTrue();
    }
}
