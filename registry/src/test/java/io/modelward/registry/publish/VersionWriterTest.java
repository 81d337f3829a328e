package io.modelward.registry.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.manifest.Manifest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class VersionWriterTest {

    private static final Digest CARD = digest("card");
    private static final Digest OTHER_CARD = digest("other card");

    @Test
    void says_whether_the_card_or_which_files_differ() {
        Manifest there = Manifest.of(List.of(file("model", "1"), file("notes", "1")), CARD);
        assertThat(VersionWriter.difference(
                        there, Manifest.of(List.of(file("model", "1"), file("notes", "1")), OTHER_CARD)))
                .isEqualTo("the files are the same, and the card differs");
        assertThat(VersionWriter.difference(there, Manifest.of(List.of(file("model", "2"), file("notes", "1")), CARD)))
                .isEqualTo("the card is the same, and model differs");
        assertThat(VersionWriter.difference(
                        there, Manifest.of(List.of(file("model", "1"), file("more", "1")), OTHER_CARD)))
                .isEqualTo("the card differs, and notes, more differ");
    }

    @Test
    void names_few_of_many_files() {
        List<FileEntry> many =
                IntStream.range(0, 5).mapToObj(n -> file("part-" + n, "1")).toList();
        assertThat(VersionWriter.difference(Manifest.of(many, CARD), Manifest.of(List.of(), CARD)))
                .isEqualTo("the card is the same, and part-0, part-1, part-2 and 2 other files differ");
    }

    private static FileEntry file(String path, String content) {
        return new FileEntry(FilePath.parse(path), content.length(), digest(content));
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }
}
