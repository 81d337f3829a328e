package io.modelward.core.evidence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProjectionTest {

    private static final Offset<Double> EXACT = within(1e-10);

    @ParameterizedTest
    @CsvSource({
        // split, ratio, points, active, candidate, p_c*, p_a*, growth, oracle's candidate requests at alpha 1 %
        ".05,1,0,.001,.01,.001450,.001450,6.1446e-4,375",
        ".05,1,0,.001,.05,.003450,.003450,5.5658e-3,41",
        ".05,1,0,.01,.0105,.010025,.010025,5.8961e-7,390526",
        ".05,1,0,.01,.02,.010500,.010500,1.8326e-4,1256",
        ".05,1,0,.01,.03,.011000,.011000,6.0917e-4,378",
        ".05,1,0,.01,.05,.012000,.012000,1.8747e-3,123",
        ".05,1,0,.01,.10,.014500,.014500,6.3261e-3,36",
        ".05,1,0,.01,.20,.019500,.019500,1.7865e-2,13",
        ".05,1,0,.01,.999999999,.059500,.059500,1.7239e-1,1.3",
        ".05,1,0,.05,.075,.051250,.051250,2.7077e-4,850",
        ".05,1,0,.05,.10,.052500,.052500,9.6793e-4,238",
        ".05,1,.01,.01,.03,.020262,.010262,1.0744e-4,2143",
        ".05,1,.01,.01,.05,.020806,.010806,7.8384e-4,294",
        ".05,1,.05,.01,.07,.060092,.010092,4.1789e-5,5510",
        ".05,1,.05,.01,.10,.060378,.010378,5.9069e-4,390",
        ".05,1,.05,.01,.20,.061429,.011429,5.5041e-3,42",
        ".05,1.05,0,.01,.02,.010998,.010474,1.6044e-4,1435",
        ".5,1,0,.01,.02,.015000,.015000,8.6219e-4,2671",
    })
    void finds_the_reference_table(
            double split,
            double ratio,
            double points,
            double active,
            double candidate,
            double nullCanary,
            double nullActive,
            double growth,
            double oracle) {
        Projection nearest = Projection.of(split, ratio, points, candidate, active);
        assertThat(nearest.candidate()).isCloseTo(nullCanary, within(1e-6));
        assertThat(nearest.active()).isCloseTo(nullActive, within(1e-6));
        double won = LikelihoodRatio.of(split, ratio, points, candidate, active).growth(split, candidate, active);
        assertThat(won).isCloseTo(growth, within(growth * 2e-5));
        double requests = Math.log(100) / won * split;
        assertThat(requests).isCloseTo(oracle, within(oracle < 2 ? 0.05 : 0.5 + oracle * 1e-6));
    }

    @ParameterizedTest
    @CsvSource({
        ".05,1,0,.05,.01, .0120000000,.0120000000, 4.16666667,.96153846,.83333333,1.00202429",
        ".05,1,.05,.2,.01, .0614292247,.0114292247, 3.25577933,.85235980,.87494998,1.00144575",
        ".5,1.05,0,.02,.01, .0153676171,.0146358258, 1.30143795,.99529532,.68325492,1.00470468"
    })
    void finds_the_factors_of_single_requests(
            double split,
            double ratio,
            double points,
            double candidate,
            double active,
            double nullCanary,
            double nullActive,
            double candidateBad,
            double candidateGood,
            double activeBad,
            double activeGood) {
        Projection nearest = Projection.of(split, ratio, points, candidate, active);
        assertThat(nearest.candidate()).isCloseTo(nullCanary, EXACT);
        assertThat(nearest.active()).isCloseTo(nullActive, EXACT);
        LikelihoodRatio bet = LikelihoodRatio.of(split, ratio, points, candidate, active);
        assertThat(Math.exp(bet.candidateBad())).isCloseTo(candidateBad, within(1e-8));
        assertThat(Math.exp(bet.candidateGood())).isCloseTo(candidateGood, within(1e-8));
        assertThat(Math.exp(bet.activeBad())).isCloseTo(activeBad, within(1e-8));
        assertThat(Math.exp(bet.activeGood())).isCloseTo(activeGood, within(1e-8));
    }

    @Test
    void bisection_finds_the_closed_form_too() {
        Projection closed = Projection.of(0.05, 1, 0, 0.05, 0.01);
        Projection found = Projection.of(0.05, 1, 1e-15, 0.05, 0.01);
        assertThat(found.active()).isCloseTo(closed.active(), within(1e-12));
    }

    @Test
    void under_the_null_a_request_multiplies_by_one_on_average_at_the_projection_and_by_no_more_anywhere() {
        for (double split : new double[] {0.0001, 0.05, 0.5, 0.95}) {
            for (double ratio : new double[] {0.5, 1, 1.05, 3}) {
                for (double points : new double[] {-0.2, 0, 0.01, 0.05, 0.4}) {
                    for (double active : new double[] {1e-6, 0.001, 0.01, 0.3, 0.9}) {
                        for (double distance : new double[] {0.0025, 0.04, 0.64}) {
                            check(
                                    split,
                                    ratio,
                                    points,
                                    LikelihoodRatio.clip(ratio * active + points + distance),
                                    active);
                        }
                    }
                }
            }
        }
    }

    private static void check(double split, double ratio, double points, double candidate, double active) {
        LikelihoodRatio bet = LikelihoodRatio.of(split, ratio, points, candidate, active);
        String what = split + " " + ratio + " " + points + " " + candidate + " " + active;
        if (bet.equals(LikelihoodRatio.NONE)) {
            assertThat(candidate).as(what).isLessThanOrEqualTo(ratio * active + points);
            return;
        }
        Projection nearest = Projection.of(split, ratio, points, candidate, active);
        assertThat(mean(bet, split, nearest.candidate(), nearest.active()))
                .as(what)
                .isCloseTo(1, within(1e-9));
        for (double p = 0; p <= 1; p += 0.02) {
            double most = Math.clamp(ratio * p + points, 0, 1);
            if (ratio * p + points >= 0) {
                for (double part : new double[] {0, 0.5, 0.9, 1}) {
                    assertThat(mean(bet, split, part * most, p)).as(what).isLessThanOrEqualTo(1 + 1e-9);
                }
            }
        }
    }

    private static double mean(LikelihoodRatio bet, double split, double candidate, double active) {
        return split * (candidate * Math.exp(bet.candidateBad()) + (1 - candidate) * Math.exp(bet.candidateGood()))
                + (1 - split) * (active * Math.exp(bet.activeBad()) + (1 - active) * Math.exp(bet.activeGood()));
    }
}
