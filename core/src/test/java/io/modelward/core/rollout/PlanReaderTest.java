package io.modelward.core.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.evidence.Limit;
import io.modelward.core.evidence.Margin;
import io.modelward.core.json.Json;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlanReaderTest {

    @Test
    void nothing_said_is_a_canary_in_four_steps() {
        Limit halt = new Limit(new Margin(1, 0.01), 0.05);
        assertThat(Scenes.plan(""))
                .isEqualTo(new RolloutPlan(
                        StrategyKind.CANARY,
                        List.of(500, 2_500, 5_000, 10_000),
                        Duration.ofSeconds(30),
                        100,
                        Collections.nCopies(4, Gate.NO_HARM),
                        Duration.ZERO,
                        100,
                        new Limit(new Margin(1, 0.05), 0.01),
                        halt,
                        Optional.of(new LatencyGuard(0.95, 1, Duration.ofMillis(10), halt, Optional.empty())),
                        OnHalt.HOLD,
                        OnInconclusive.HOLD,
                        new Limit(new Margin(1, 0.01), 0.05),
                        Duration.ofHours(1),
                        Duration.ofSeconds(2),
                        0.1));
    }

    @Test
    void null_says_nothing() {
        assertThat(Scenes.plan("'steps':null,'latency':null,'halt':null,'min_samples':null"))
                .isEqualTo(Scenes.plan(""));
    }

    @Test
    void blue_green_is_one_step() {
        RolloutPlan plan = Scenes.plan("'strategy':'blue-green','bake':'5m'");
        assertThat(plan.steps()).containsExactly(10_000);
        assertThat(plan.weight(0)).isEqualTo(9_900);
        assertThat(plan.dwell(0)).isEqualTo(Duration.ofMinutes(5));
        assertThat(Scenes.plan("'strategy':'blue-green','steps':[100],'bake':'5m'"))
                .isEqualTo(plan);
    }

    @Test
    void the_whole_is_added_when_it_is_missing() {
        assertThat(Scenes.plan("'steps':[0.01,12.34]").steps()).containsExactly(1, 1_234, 10_000);
        assertThat(Scenes.plan("'steps':[100]").steps()).containsExactly(10_000);
    }

    @Test
    void one_gate_is_for_all_steps_and_a_list_for_each() {
        assertThat(Scenes.plan("'steps':[5,100],'gate':'approval'").gates())
                .containsExactly(Gate.APPROVAL, Gate.APPROVAL);
        assertThat(Scenes.plan("'steps':[5],'gate':['no-harm','non-inferior']").gates())
                .as("the step that is added has a gate too")
                .containsExactly(Gate.NO_HARM, Gate.NON_INFERIOR);
    }

    @Test
    void a_limit_keeps_the_defaults_of_what_it_does_not_say() {
        assertThat(Scenes.plan("'rollback':{'points':0.02}").rollback())
                .isEqualTo(new Limit(new Margin(1, 0.02), 0.01));
        assertThat(Scenes.plan("'halt':{'ratio':2}").halt()).isEqualTo(new Limit(new Margin(2, 0.01), 0.05));
    }

    @Test
    void the_limits_on_latency_are_the_halt_limit_and_none_that_rolls_back_unless_asked_for() {
        LatencyGuard guard = Scenes.plan("'halt':{'points':0.03},'latency':{'quantile':0.5}")
                .latency()
                .orElseThrow();
        assertThat(guard.halt()).isEqualTo(new Limit(new Margin(1, 0.03), 0.05));
        assertThat(guard.rollback()).isEmpty();
        assertThat(Scenes.plan("'latency':{'rollback':{}}")
                        .latency()
                        .orElseThrow()
                        .rollback())
                .contains(new Limit(new Margin(1, 0.05), 0.01));
    }

    @Test
    void latency_can_be_left_out() {
        assertThat(Scenes.plan("'latency':false").latency()).isEmpty();
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
            stesp                | 'stesp':[5]
            rollback.pionts      | 'rollback':{'pionts':1}
            halt.x               | 'halt':{'x':1}
            promotion.x          | 'promotion':{'x':1}
            latency.p            | 'latency':{'p':95}
            latency.halt.x       | 'latency':{'halt':{'x':1}}
            strategy             | 'strategy':'rolling'
            strategy             | 'strategy':1
            steps                | 'steps':[]
            steps                | 'steps':5
            steps                | 'steps':['5','100']
            steps                | 'steps':[5,5]
            steps                | 'steps':[25,5,100]
            steps                | 'steps':[0,100]
            steps                | 'steps':[0.001,100]
            steps                | 'steps':[-5]
            steps                | 'steps':[5,101]
            steps                | 'steps':[1e300]
            steps                | 'steps':[5,null]
            steps                | 'strategy':'blue-green','steps':[50,100]
            steps                | 'strategy':'blue-green','steps':[50]
            min_dwell            | 'min_dwell':30
            min_dwell            | 'min_dwell':'30'
            bake                 | 'bake':'-1s'
            step_timeout         | 'step_timeout':'1 h'
            evidence_deadline    | 'evidence_deadline':'9ms'
            evidence_deadline    | 'evidence_deadline':'61s'
            min_samples          | 'min_samples':-1
            min_samples          | 'min_samples':1.5
            min_samples          | 'min_samples':'5'
            min_samples          | 'min_samples':1000000001
            min_samples          | 'min_samples':99999999999999999999
            gate                 | 'gate':'maybe'
            gate                 | 'gate':['no-harm']
            gate                 | 'steps':[5,100],'gate':['no-harm','maybe']
            gate                 | 'steps':[5,100],'gate':['no-harm',1]
            holdback             | 'holdback':51
            holdback             | 'holdback':-1
            holdback             | 'holdback':'1'
            holdback             | 'steps':[60],'holdback':50
            rollback             | 'rollback':0.05
            rollback.ratio       | 'rollback':{'ratio':0}
            rollback.ratio       | 'rollback':{'ratio':101}
            rollback.points      | 'rollback':{'points':5}
            rollback.points      | 'rollback':{'points':-0.1}
            halt.alpha           | 'halt':{'alpha':0}
            halt.alpha           | 'halt':{'alpha':0.6}
            promotion.alpha      | 'promotion':{'alpha':'0.05'}
            latency              | 'latency':true
            latency              | 'latency':95
            latency.quantile     | 'latency':{'quantile':0.9}
            latency.quantile     | 'latency':{'quantile':95}
            latency.tolerance    | 'latency':{'tolerance':-1}
            latency.slack        | 'latency':{'slack':10}
            latency.slack        | 'latency':{'slack':'200000d'}
            latency.rollback     | 'latency':{'rollback':true}
            latency.halt.alpha   | 'latency':{'halt':{'alpha':1}}
            on_halt              | 'on_halt':'stop'
            on_inconclusive      | 'on_inconclusive':'wait'
            incident_rate        | 'incident_rate':0
            incident_rate        | 'incident_rate':1.1
            """)
    void what_is_wrong_is_named_with_its_whole_path(String field, String plan) {
        Problems.invalid(field, () -> Scenes.plan(plan));
    }

    @Test
    void at_most_fifty_steps_are_read() {
        String steps = IntStream.rangeClosed(1, 50).mapToObj(Integer::toString).collect(Collectors.joining(","));
        assertThat(Scenes.plan("'steps':[" + steps + "]").steps()).hasSize(51);
        Problems.invalid("steps", () -> Scenes.plan("'steps':[" + steps + ",51]"));
    }

    @Test
    void a_plan_is_an_object() {
        Problems.invalid("body", () -> PlanReader.read(Json.parse("[]", "plan")));
    }

    @Test
    void a_long_unknown_name_is_shown_shortened() {
        Problems.invalid("x".repeat(60) + "…", () -> Scenes.plan("'" + "x".repeat(5000) + "':1"));
    }
}
