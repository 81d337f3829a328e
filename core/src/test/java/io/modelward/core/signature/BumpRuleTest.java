package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.signature.BumpRule.BumpCheck;
import io.modelward.core.version.Bump;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BumpRuleTest {

    private static final Comparison SAME = comparison(false);
    private static final Comparison ADDED = comparison(true);
    private static final Comparison BROKEN = comparison(false, ChangeImpact.BREAKING);
    private static final Comparison UNSURE = comparison(true, ChangeImpact.UNKNOWN);

    @ParameterizedTest
    @CsvSource({
        "1.5.0, 1.4.2",
        "1.5.0-rc.1, 1.4.2",
        "1.4.2, 1.4.1",
        "1.4.2-rc.1, 1.4.1",
        "1.4.2+other, 1.4.1",
        "9.0.0, 2.0.0",
        "2.0.0-rc.2, 1.4.2",
        "1.0.1, 1.0.0"
    })
    void aCandidateIsHeldToTheHighestReleaseBelow(String candidate, String base) {
        assertThat(BumpRule.base(v(candidate), published()))
                .map(SemVer::toString)
                .contains(base);
    }

    @Test
    void theFirstVersionIsHeldToNothing() {
        assertThat(BumpRule.base(v("1.0.0"), published())).isEmpty();
        assertThat(BumpRule.base(v("0.1.0"), List.of())).isEmpty();
        assertThat(BumpRule.decide(v("0.1.0"), Optional.empty(), BROKEN, false))
                .isEqualTo(new BumpCheck(true, Bump.PATCH, Optional.empty()));
    }

    @ParameterizedTest
    @CsvSource({
        "1.4.2, patch, 1.4.3",
        "1.4.2, minor, 1.5.0",
        "1.4.2, major, 2.0.0",
        "0.4.2, patch, 0.4.3",
        "0.4.2, minor, 0.5.0",
        "0.4.2, major, 0.5.0",
        "1.4.2+b, patch, 1.4.3"
    })
    void theLeastVersionFollowsFromTheBump(String base, String bump, String least) {
        assertThat(BumpRule.leastVersion(v(base), Bump.parse(bump))).hasToString(least);
        assertThat(BumpRule.auto(v(base), Bump.parse(bump))).hasToString(least);
    }

    @Test
    void breakingNeedsAMajor() {
        assertThat(BumpRule.allows(v("1.4.2"), v("1.5.0"), BROKEN)).isFalse();
        assertThat(BumpRule.allows(v("1.4.2"), v("2.0.0"), BROKEN)).isTrue();
        assertThat(BumpRule.allows(v("0.4.2"), v("0.4.3"), BROKEN)).isFalse();
        assertThat(BumpRule.allows(v("0.4.2"), v("0.5.0"), BROKEN)).isTrue();
        assertThat(BumpRule.allows(v("0.4.2"), v("1.0.0"), BROKEN)).isTrue();
    }

    @Test
    void anAdditionNeedsAMinorAndAnythingElseAPatch() {
        assertThat(BumpRule.allows(v("1.4.2"), v("1.4.3"), ADDED)).isFalse();
        assertThat(BumpRule.allows(v("1.4.2"), v("1.5.0"), ADDED)).isTrue();
        assertThat(BumpRule.allows(v("0.4.2"), v("0.4.3"), ADDED)).isFalse();
        assertThat(BumpRule.allows(v("1.4.2"), v("1.4.3"), SAME)).isTrue();
    }

    @Test
    void aPreReleaseIsHeldToTheReleaseItPrecedes() {
        assertThat(BumpRule.allows(v("1.4.2"), v("2.0.0-rc.1"), BROKEN)).isTrue();
        assertThat(BumpRule.allows(v("1.4.2"), v("1.5.0-rc.1"), BROKEN)).isFalse();
        assertThat(BumpRule.allows(v("1.4.2"), v("1.4.3-rc.1"), SAME)).isTrue();
    }

    @Test
    void whatIsUnknownIsBreakingUnlessSomeoneAnswersForIt() {
        assertThat(BumpRule.decide(v("1.5.0"), Optional.of(v("1.4.2")), UNSURE, false))
                .isEqualTo(new BumpCheck(false, Bump.MAJOR, Optional.of(v("2.0.0"))));
        assertThat(BumpRule.decide(v("1.5.0"), Optional.of(v("1.4.2")), UNSURE, true))
                .isEqualTo(new BumpCheck(true, Bump.MINOR, Optional.of(v("1.5.0"))));
        assertThat(BumpRule.decide(v("1.4.3"), Optional.of(v("1.4.2")), UNSURE, true))
                .isEqualTo(new BumpCheck(false, Bump.MINOR, Optional.of(v("1.5.0"))));
        assertThat(BumpRule.decide(v("1.5.0"), Optional.of(v("1.4.2")), BROKEN, true))
                .isEqualTo(new BumpCheck(false, Bump.MAJOR, Optional.of(v("2.0.0"))));
    }

    private static List<SemVer> published() {
        return Stream.of("1.0.0", "1.4.1", "1.4.2+build", "1.4.2", "1.5.0-beta", "2.0.0", "2.0.0-rc.1", "3.0.0-rc.1")
                .map(SemVer::parse)
                .toList()
                .stream()
                .filter(v -> v.build().isEmpty())
                .toList();
    }

    private static Comparison comparison(boolean added, ChangeImpact... verdicts) {
        return new Comparison(
                Stream.of(verdicts)
                        .map(verdict -> new Finding(verdict, "input_schema", "x"))
                        .toList(),
                added,
                false);
    }

    private static SemVer v(String text) {
        return SemVer.parse(text);
    }
}
