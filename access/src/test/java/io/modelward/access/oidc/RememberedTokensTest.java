package io.modelward.access.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RememberedTokensTest {

    @Test
    void of_remembered_tokens_the_oldest_go_first() {
        RememberedTokens<Integer> some = new RememberedTokens<>(3);
        for (int i = 0; i < 5; i++) {
            some.put(TokenFingerprint.of("t" + i), i, 10);
        }
        assertThat(some.size()).isEqualTo(3);
        assertThat(some.get(TokenFingerprint.of("t1"), 0)).isEmpty();
        assertThat(some.get(TokenFingerprint.of("t2"), 0)).contains(2);
        assertThat(some.get(TokenFingerprint.of("t4"), 9)).contains(4);
        assertThat(some.get(TokenFingerprint.of("t4"), 10)).isEmpty();
    }
}
