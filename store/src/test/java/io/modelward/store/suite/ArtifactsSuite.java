package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatObject;

import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.digest.Digest;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.Catalog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;
import org.assertj.core.api.ObjectAssert;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with artifacts and their seals. */
public abstract class ArtifactsSuite {

    protected static final Instant AT = Instant.ofEpochSecond(1_800_000_000L, 123_456_000);

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    protected Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    protected void write(Consumer<Artifacts> unit) {
        catalog.write(tx -> {
            unit.accept(tx.artifacts());
            return true;
        });
    }

    protected <T> T read(Function<Artifacts, T> unit) {
        return catalog.read(tx -> unit.apply(tx.artifacts()));
    }

    private <T> ObjectAssert<T> seen(Function<Artifacts, T> unit) {
        return assertThatObject(read(unit));
    }

    private boolean refersTo(Digest blob) {
        return catalog.read(tx -> tx.versions().refersTo(blob));
    }

    protected static ArtifactPath path(String path) {
        return new ArtifactPath(path);
    }

    protected static Artifact file(String path) {
        return new Artifact(path(path), path.length(), Digest.of(path.getBytes(StandardCharsets.UTF_8)), AT);
    }

    private void keep(String... paths) {
        write(artifacts -> List.of(paths).forEach(path -> artifacts.put(file(path))));
    }

    private List<String> keys(String directory, String after, int limit) {
        return read(artifacts -> artifacts.children(path(directory), after, limit).stream()
                .map(ArtifactEntry::key)
                .toList());
    }

    @Test
    void a_file_is_kept_replaced_and_removed() {
        keep("1/r/a");
        Artifact second = new Artifact(path("1/r/a"), 7, Digest.of(new byte[7]), AT.plusSeconds(1));
        write(artifacts -> artifacts.put(second));
        catalog.close();
        catalog = open();
        seen(artifacts -> artifacts.find(path("1/r/a"))).isEqualTo(Optional.of(second));
        write(artifacts -> {
            assertThat(artifacts.remove(path("1/r/a"))).isTrue();
            assertThat(artifacts.remove(path("1/r/a"))).isFalse();
        });
        seen(artifacts -> artifacts.find(path("1/r/a"))).isEqualTo(Optional.empty());
    }

    @Test
    void a_folder_is_what_lies_below_its_slash_and_nothing_that_only_begins_like_it() {
        keep("a/b", "a/c/d", "a-b/x", "a.txt", "a0", "ab/x", "a%/x", "a_/x");
        seen(artifacts -> artifacts.below(path("a"))).isEqualTo(List.of(file("a/b"), file("a/c/d")));
        seen(artifacts -> artifacts.below(path("a%"))).isEqualTo(List.of(file("a%/x")));
        seen(artifacts -> artifacts.below(path("")).size()).isEqualTo(8);
        seen(artifacts -> artifacts.isDirectory(path("a"))).isEqualTo(true);
        seen(artifacts -> artifacts.isDirectory(path("a0"))).isEqualTo(false);
        seen(artifacts -> artifacts.fileAbove(path("a0/b/c"))).isEqualTo(Optional.of(path("a0")));
        seen(artifacts -> artifacts.fileAbove(path("a0"))).isEqualTo(Optional.empty());
        seen(artifacts -> artifacts.fileAbove(path("a/e"))).isEqualTo(Optional.empty());
        write(artifacts -> assertThat(artifacts.removeBelow(path("a"))).isEqualTo(2));
        seen(artifacts -> artifacts.below(path("")).size()).isEqualTo(6);
    }

    @Test
    void children_are_files_and_folders_each_once() {
        keep("m/a", "m/b/1", "m/b/2/3", "m/b-c", "m/é", "n");
        seen(artifacts -> artifacts.children(path("m"), "", 10))
                .isEqualTo(List.of(
                        new ArtifactEntry("a", false, 3),
                        new ArtifactEntry("b-c", false, 5),
                        new ArtifactEntry("b", true, 0),
                        new ArtifactEntry("é", false, 3)));
        assertThat(keys("", "", 10)).containsExactly("m/", "n");
        assertThat(keys("n", "", 10)).isEmpty();
        assertThat(keys("nothing", "", 10)).isEmpty();
    }

    @Test
    void pages_of_children_join_to_the_whole() {
        SplittableRandom random = new SplittableRandom(5);
        TreeSet<String> expected = new TreeSet<>();
        write(artifacts -> {
            for (int i = 0; i < 400; i++) {
                String name = "n" + random.nextInt(60) + (random.nextBoolean() ? "-x" : "") + ".d";
                String below = i % 10 == 0 ? "f" + i : name + "/" + random.nextInt(50);
                artifacts.put(file("root/" + below));
                expected.add(below.contains("/") ? name + "/" : below);
            }
        });
        List<String> joined = new ArrayList<>();
        List<String> page;
        do {
            page = keys("root", joined.isEmpty() ? "" : joined.getLast(), 7);
            joined.addAll(page);
        } while (!page.isEmpty());
        assertThat(joined).containsExactlyElementsOf(expected);
    }

    @Test
    void a_seal_holds_for_all_below_it_and_the_first_one_stays() {
        ArtifactSeal seal = new ArtifactSeal(path("1/r/model"), "default/iris ordinal 3", AT);
        write(artifacts -> {
            artifacts.seal(seal);
            artifacts.seal(new ArtifactSeal(path("1/r/model"), "default/other ordinal 1", AT.plusSeconds(9)));
        });
        for (String path : List.of("1/r/model", "1/r/model/a", "1/r/model/a/b")) {
            seen(artifacts -> artifacts.sealOver(path(path))).as(path).isEqualTo(Optional.of(seal));
        }
        for (String path : List.of("1/r", "1/r/model2", "1/r/model-2/a", "1/r/other")) {
            seen(artifacts -> artifacts.sealOver(path(path))).as(path).isEqualTo(Optional.empty());
        }
        seen(artifacts -> artifacts.sealWithin(path("1"))).isEqualTo(Optional.of(seal));
        seen(artifacts -> artifacts.sealWithin(path(""))).isEqualTo(Optional.of(seal));
        seen(artifacts -> artifacts.sealWithin(path("1/r/model"))).isEqualTo(Optional.empty());
        seen(artifacts -> artifacts.sealWithin(path("1/r/mod"))).isEqualTo(Optional.empty());
    }

    @Test
    void a_blob_that_an_artifact_names_is_referred_to() {
        Digest blob = file("a").sha256();
        assertThat(refersTo(blob)).isFalse();
        keep("a");
        assertThat(refersTo(blob)).isTrue();
    }
}
