package io.modelward.core.digest;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DigestTest {

    private static final String ABC = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    @Test
    void hashesTheKnownAnswer() {
        assertThat(Digest.of("abc".getBytes(StandardCharsets.US_ASCII))).isEqualTo(Digest.ofHex(ABC));
    }

    @Test
    void isReadBackFromItsTextAndItsBytes() {
        Digest digest = Digest.parse("sha256:" + ABC);
        assertThat(digest).hasToString("sha256:" + ABC);
        assertThat(digest.shortForm()).isEqualTo("sha256:ba7816bf8f01");
        assertThat(Digest.ofBytes(digest.bytes())).isEqualTo(digest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "sha256:",
                ABC,
                "sha1:" + ABC,
                "SHA256:" + ABC,
                "sha256:BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD",
                "sha256:" + ABC + "0",
                "sha256: " + ABC,
                "sha256:xa7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
            })
    void refusesOtherTexts(String text) {
        Problems.invalid("digest", () -> Digest.parse(text));
    }

    @Test
    void refusesBytesOfAnotherLength() {
        Problems.invalid("digest", () -> Digest.ofBytes(new byte[31]));
    }
}
