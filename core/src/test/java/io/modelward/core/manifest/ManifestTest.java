package io.modelward.core.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.digest.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ManifestTest {

    private static final Digest CARD = Digest.of("{}".getBytes(StandardCharsets.UTF_8));
    private static final List<FileEntry> FILES =
            List.of(file("😀", "x"), file("\uFFFD", "yy"), file("model.joblib", "abc"), file("código/a.py", ""));

    /** Computed with Python's hashlib and json over the same files. */
    @Test
    void hasTheKnownDigest() {
        Manifest manifest = Manifest.of(FILES, CARD);
        assertThat(manifest.digest().hex())
                .isEqualTo("53737e23d26547c681a611de94a5da14f27f9d8e5f362f149894a90d31590a8f");
        assertThat(manifest.files())
                .extracting(file -> file.path().value())
                .containsExactly("código/a.py", "model.joblib", "\uFFFD", "😀");
    }

    @Test
    void doesNotDependOnTheOrderOfFiles() {
        List<FileEntry> files = new ArrayList<>(FILES);
        Random random = new Random(7);
        for (int i = 0; i < 50; i++) {
            Collections.shuffle(files, random);
            assertThat(Manifest.of(files, CARD)).isEqualTo(Manifest.of(FILES, CARD));
        }
    }

    @Test
    void anyDifferenceIsAnotherDigest() {
        assertThat(Stream.of(
                                Manifest.of(List.of(file("a", "x")), CARD),
                                Manifest.of(List.of(file("b", "x")), CARD),
                                Manifest.of(List.of(file("a", "y")), CARD),
                                Manifest.of(List.of(file("a", "x"), file("b", "")), CARD),
                                Manifest.of(List.of(file("a", "x")), Digest.of(new byte[0])))
                        .map(Manifest::digest)
                        .distinct())
                .hasSize(5);
    }

    @Test
    void isReadBackFromItsBytes() {
        Manifest manifest = Manifest.of(FILES, CARD);
        Manifest again = Manifest.parse(manifest.bytes());
        assertThat(again.files()).isEqualTo(manifest.files());
        assertThat(again.card()).isEqualTo(CARD);
        assertThat(again.digest()).isEqualTo(manifest.digest());
        assertThat(again.bytes()).isEqualTo(manifest.bytes());
    }

    @Test
    void itsBytesCannotBeChangedFromOutside() {
        Manifest manifest = Manifest.of(FILES, CARD);
        manifest.bytes()[0] = 0;
        assertThat(Digest.of(manifest.bytes())).isEqualTo(manifest.digest());
    }

    @Test
    void refusesFilesThatCannotLieSideBySide() {
        refused();
        refused("a", "a");
        refused("Model.bin", "model.bin");
        refused("a", "a/b");
        refused("a/b/c", "x", "A/B");
        refused("a/b", "a/b/c/d");
    }

    @Test
    void takesFilesThatOnlyLookAlike() {
        Manifest.of(List.of(file("a", ""), file("a.b", ""), file("a-b/c", ""), file("ab", "")), CARD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[]",
                "null",
                "{\"card\":\"sha256:x\",\"files\":[]}",
                "{\"card\":1,\"files\":{}}",
                "{\"files\":[{\"path\":\"a\",\"sha256\":\"sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"size\":0}]}"
            })
    void refusesOtherBytes(String text) {
        Problems.invalid("manifest", () -> Manifest.parse(text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void refusesBytesThatAreNotTheCanonicalOnes() {
        String good = new String(Manifest.of(List.of(file("a", "")), CARD).bytes(), StandardCharsets.UTF_8);
        for (String bad : List.of(
                good + "\n",
                good.replace(":0", ":0.0"),
                good.replace(":0", ":\"0\""),
                good.replace(":0", ":-1"),
                good.replace(":0", ":9007199254740993"),
                good.replace("\"path\":\"a\"", "\"path\":\"../a\""),
                good.replace("{\"card\"", "{\"x\":1,\"card\""),
                good.replace("\"size\"", "\"mode\":1,\"size\""))) {
            assertThat(bad).isNotEqualTo(good);
            Problems.invalid("manifest", () -> Manifest.parse(bad.getBytes(StandardCharsets.UTF_8)));
        }
    }

    private static void refused(String... paths) {
        Problems.refused(
                "path",
                () -> Manifest.of(Stream.of(paths).map(path -> file(path, "")).toList(), CARD));
    }

    private static FileEntry file(String path, String content) {
        byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
        return new FileEntry(FilePath.parse(path), bytes.length, Digest.of(bytes));
    }
}
