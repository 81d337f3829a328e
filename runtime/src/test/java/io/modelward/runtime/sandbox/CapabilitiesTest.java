package io.modelward.runtime.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CapabilitiesTest {

    @TempDir
    Path folder;

    private Capabilities of(String effective) throws Exception {
        return Capabilities.read(Files.writeString(
                folder.resolve("status"),
                "Name:\tjava\nUid:\t1\t998\t998\t998\nGid:\t1\t997\t997\t997\nCapPrm:\t000001ffffffffff\nCapEff:\t"
                        + effective + "\n"));
    }

    @Test
    void the_five_of_a_service_separate_users_and_reach_no_file_of_others() throws Exception {
        Capabilities service = of("00000000002000e1");
        assertThat(service.separatesUsers()).isTrue();
        assertThat(service.reachesAllFiles()).isFalse();
        assertThat(service.boundsOthers()).isFalse();
        assertThat(service.user()).isEqualTo(998);
        assertThat(service.group()).isEqualTo(997);
    }

    @Test
    void users_are_not_separated_when_one_of_four_is_missing() throws Exception {
        for (int missing : new int[] {0, 5, 6, 7}) {
            assertThat(of(Long.toHexString(0x2000e1L & ~(1L << missing))).separatesUsers())
                    .as("without capability %s", missing)
                    .isFalse();
        }
    }

    @Test
    void root_as_a_rule_has_all() throws Exception {
        Capabilities root = of("000001ffffffffff");
        assertThat(root.separatesUsers() && root.reachesAllFiles() && root.boundsOthers())
                .isTrue();
    }

    @Test
    void where_the_system_tells_nothing_there_are_none() {
        assertThat(Capabilities.read(folder.resolve("absent")).separatesUsers()).isFalse();
    }

    @Test
    void servers_of_different_users_have_different_ranges() {
        Set<Integer> bases = new HashSet<>();
        for (int user = 0; user < 65_536; user++) {
            int base = Isolation.wideBase(user);
            assertThat(base).isGreaterThanOrEqualTo(1_000_000_000);
            assertThat(bases.add(base)).isTrue();
        }
    }
}
