package io.modelward.core.version;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class SemVerOrderTest {

    private static final List<String> IDENTIFIERS = List.of(
            "0",
            "1",
            "2",
            "9",
            "10",
            "11",
            "99",
            "100",
            "a",
            "A",
            "Z",
            "a-",
            "a0",
            "-",
            "--",
            "0a",
            "1-",
            "alpha",
            "beta",
            "rc",
            "99999999999999999999",
            "100000000000000000000");
    private static final List<Long> NUMBERS = List.of(0L, 1L, 2L, 9L, 10L, 11L, 99L, 100L, 1L << 40, Long.MAX_VALUE);

    @Test
    void theChainOfTheSpecificationAscends() {
        assertAscends("1.0.0", "2.0.0", "2.1.0", "2.1.1");
        assertAscends(
                "1.0.0-alpha",
                "1.0.0-alpha.1",
                "1.0.0-alpha.beta",
                "1.0.0-beta",
                "1.0.0-beta.2",
                "1.0.0-beta.11",
                "1.0.0-rc.1",
                "1.0.0");
        assertAscends("1.0.0-9", "1.0.0-10", "1.0.0--", "1.0.0-a", "1.0.0-a.0", "1.0.0-a-", "1.0.0", "1.0.1-0");
    }

    @Test
    void buildMetadataDoesNotCount() {
        SemVer a = SemVer.parse("1.0.0+a");
        SemVer b = SemVer.parse("1.0.0+b");
        assertThat(a).isNotEqualTo(b).isEqualByComparingTo(b);
        assertThat(a.sortKey()).isEqualTo(b.sortKey());
        assertThat(a.sameNumber(b)).isTrue();
    }

    @Test
    void theSortKeyOrdersAsPrecedenceDoes() {
        Random random = new Random(20260101);
        for (int i = 0; i < 50_000; i++) {
            SemVer a = version(random);
            SemVer b = version(random);
            assertThat(Integer.signum(a.sortKey().compareTo(b.sortKey())))
                    .as("%s against %s", a, b)
                    .isEqualTo(Integer.signum(a.compareTo(b)));
            assertThat(SemVer.parse(a.toString())).isEqualTo(a);
        }
    }

    private static SemVer version(Random random) {
        List<String> preRelease = IntStream.range(0, Math.max(0, random.nextInt(5) - 1))
                .mapToObj(i -> IDENTIFIERS.get(random.nextInt(IDENTIFIERS.size())))
                .toList();
        return new SemVer(
                number(random), number(random), number(random), preRelease, random.nextBoolean() ? "" : "b.1");
    }

    /** Often the same, so that the pre-releases decide. */
    private static long number(Random random) {
        return random.nextInt(3) > 0 ? 1 : NUMBERS.get(random.nextInt(NUMBERS.size()));
    }

    private static void assertAscends(String... texts) {
        List<SemVer> versions = Stream.of(texts).map(SemVer::parse).toList();
        for (int i = 0; i < versions.size(); i++) {
            for (int j = 0; j < versions.size(); j++) {
                assertThat(Integer.signum(versions.get(i).compareTo(versions.get(j))))
                        .isEqualTo(Integer.compare(i, j));
                assertThat(Integer.signum(versions.get(i)
                                .sortKey()
                                .compareTo(versions.get(j).sortKey())))
                        .isEqualTo(Integer.compare(i, j));
            }
        }
    }
}
