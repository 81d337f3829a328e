package io.modelward.core.route;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.Problems;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RouteTest {

    private static final Signature CONTRACT =
            Signature.of(Optional.empty(), Optional.empty(), OptionalInt.empty(), List.of(), Optional.empty());

    @Test
    void sharesRequestsByWeight() {
        Arm active = arm(1, 9_000, ArmRole.ACTIVE);
        Arm canary = arm(2, 700, ArmRole.CANDIDATE);
        Arm second = arm(3, 300, ArmRole.CANDIDATE);
        Route route = route(active, canary, arm(4, 0, ArmRole.SHADOW), second);
        assertThat(route.active()).isEqualTo(active);
        assertThat(chosen(route, canary)).isEqualTo(700);
        assertThat(chosen(route, second)).isEqualTo(300);
        assertThat(chosen(route, active)).isEqualTo(9_000);
    }

    @Test
    void aCallerWhoMeetsTheCanaryGoesOnMeetingItWhileItGrows() {
        Route small = route(arm(1, 9_500, ArmRole.ACTIVE), arm(2, 500, ArmRole.CANDIDATE));
        Route large = route(arm(1, 7_500, ArmRole.ACTIVE), arm(2, 2_500, ArmRole.CANDIDATE));
        IntStream.range(0, Route.WHOLE)
                .filter(i -> small.choose(i).role() == ArmRole.CANDIDATE)
                .forEach(i -> assertThat(large.choose(i).role()).isEqualTo(ArmRole.CANDIDATE));
    }

    @Test
    void theActiveArmMayHaveNoRequests() {
        Route route = route(arm(1, 0, ArmRole.ACTIVE), arm(2, 10_000, ArmRole.CANDIDATE));
        assertThat(route.choose(9_999).role()).isEqualTo(ArmRole.CANDIDATE);
    }

    @Test
    void refusesArmsThatDoNotMakeARoute() {
        Problems.invalid("arms", () -> route());
        Problems.invalid("arms", () -> route(arm(1, 10_000, ArmRole.CANDIDATE)));
        Problems.invalid("arms", () -> route(arm(1, 5_000, ArmRole.ACTIVE), arm(2, 5_000, ArmRole.ACTIVE)));
        Problems.invalid("arms", () -> route(arm(1, 9_999, ArmRole.ACTIVE)));
        Problems.invalid("arms", () -> route(arm(1, 9_999, ArmRole.ACTIVE), arm(2, 2, ArmRole.CANDIDATE)));
        Problems.invalid("weight", () -> arm(1, 1, ArmRole.SHADOW));
        Problems.invalid("weight", () -> arm(1, -1, ArmRole.ACTIVE));
        Problems.invalid("weight", () -> arm(1, 10_001, ArmRole.ACTIVE));
    }

    @Test
    void drawsOnlyBasisPoints() {
        Route route = route(arm(1, 10_000, ArmRole.ACTIVE));
        assertThatThrownBy(() -> route.choose(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> route.choose(10_000)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void itsArmsSurviveTheirJsonForm() {
        Route route = route(arm(1, 9_000, ArmRole.ACTIVE), arm(2, 1_000, ArmRole.CANDIDATE), arm(3, 0, ArmRole.SHADOW));
        assertThat(Route.arms(Json.parse(Json.write(route.armsJson()), "x"))).isEqualTo(route.arms());
        Problems.invalid(
                "role", () -> Arm.fromJson(arm(1, 1, ArmRole.ACTIVE).toJson().put("role", "main")));
        Problems.invalid(
                "weight", () -> Arm.fromJson(arm(1, 1, ArmRole.ACTIVE).toJson().put("weight", "1")));
    }

    private static long chosen(Route route, Arm arm) {
        return IntStream.range(0, Route.WHOLE)
                .filter(i -> route.choose(i).equals(arm))
                .count();
    }

    private static Route route(Arm... arms) {
        return new Route("iris", 1, List.of(arms), CONTRACT);
    }

    private static Arm arm(int number, int weight, ArmRole role) {
        return new Arm(
                new VersionRef(new ModelId(1), ModelName.parse("iris"), SemVer.of(number, 0, 0), Digest.of(new byte[] {
                    (byte) number
                })),
                weight,
                role);
    }
}
