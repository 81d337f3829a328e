package io.modelward.store.suite;

import static java.util.Comparator.comparing;
import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.draft.Draft;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.Catalog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog knows of blobs. */
public abstract class BlobRowsSuite {

    private static final Instant TIME = Instant.ofEpochSecond(1_700_000_000);
    private static final Instant LATER = TIME.plus(Duration.ofDays(2));
    private static final Digest BLOB = Digest.of("a".getBytes(StandardCharsets.UTF_8));

    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private Optional<Blobs.Row> find() {
        return catalog.read(tx -> tx.blobs().find(BLOB));
    }

    private List<Digest> unnamed() {
        return catalog.read(tx -> tx.blobs().unnamed(LATER, 10));
    }

    private boolean condemnStray() {
        return catalog.write(tx -> tx.blobs().condemnStray(BLOB, LATER));
    }

    private Optional<String> registry() {
        return catalog.read(tx -> tx.registryName().find());
    }

    private boolean isEmpty() {
        return catalog.read(tx -> tx.registryName().isEmpty());
    }

    private boolean store(Instant at) {
        return catalog.write(tx -> tx.blobs().store(BLOB, 7, at));
    }

    private List<Digest> condemn(Instant before) {
        return catalog.write(tx -> {
            tx.blobs().condemn(List.of(BLOB), before, LATER);
            return tx.blobs().condemned(10);
        });
    }

    /** Has a draft name the blob. */
    private void name() {
        catalog.write(tx -> {
            var model = tx.models().insert(ModelName.parse("iris"), "", TIME);
            tx.drafts().insert(new Draft("d1", model.id(), TIME, LATER, "ada", OptionalLong.empty()));
            tx.drafts().putFile("d1", new FileEntry(FilePath.parse("f"), 7, BLOB));
            return true;
        });
    }

    @Test
    void a_blob_that_was_stored_is_present_and_storing_it_again_makes_it_young() {
        assertThat(store(TIME)).isTrue();
        assertThat(store(LATER)).isTrue();
        assertThat(find()).contains(new Blobs.Row(BLOB, 7, Blobs.State.PRESENT, LATER));
        assertThat(unnamed()).isEmpty();
    }

    @Test
    void an_old_blob_that_nothing_names_is_condemned_and_cannot_be_named_until_it_is_forgotten() {
        store(TIME);
        assertThat(unnamed()).containsExactly(BLOB);
        assertThat(condemn(LATER)).containsExactly(BLOB);
        assertThat(store(LATER)).isFalse();
        assertThat(find().orElseThrow().state()).isEqualTo(Blobs.State.CONDEMNED);
        catalog.write(tx -> {
            tx.blobs().forget(List.of(BLOB));
            return true;
        });
        assertThat(find()).isEmpty();
        assertThat(store(LATER)).isTrue();
    }

    @Test
    void a_blob_that_is_named_or_young_is_not_condemned_and_one_that_is_present_is_not_forgotten() {
        store(TIME);
        assertThat(condemn(TIME)).isEmpty();
        name();
        assertThat(unnamed()).isEmpty();
        assertThat(condemn(LATER)).isEmpty();
        catalog.write(tx -> {
            tx.blobs().forget(List.of(BLOB));
            return true;
        });
        assertThat(find()).isPresent();
    }

    @Test
    void blobs_that_are_present_and_those_that_are_named_are_listed_in_the_order_of_their_digests() {
        Digest other = Digest.of("b".getBytes(StandardCharsets.UTF_8));
        catalog.write(tx -> tx.blobs().store(other, 1, LATER));
        store(TIME);
        name();
        catalog.read(tx -> {
            List<Digest> present =
                    tx.blobs().present("", 10).stream().map(Blobs.Row::blob).toList();
            assertThat(present).containsExactlyInAnyOrder(BLOB, other).isSortedAccordingTo(comparing(Digest::hex));
            assertThat(tx.blobs().present(present.getFirst().toString(), 10))
                    .extracting(Blobs.Row::blob)
                    .containsExactly(present.getLast());
            assertThat(tx.blobs().countPresent()).isEqualTo(2);
            assertThat(tx.blobs().named("", 10)).containsExactly(BLOB);
            assertThat(tx.blobs().named(BLOB.toString(), 10)).isEmpty();
            assertThat(tx.routes().lastRevisions()).isEmpty();
            return true;
        });
    }

    @Test
    void a_blob_without_a_row_is_condemned_unless_something_names_it_or_it_has_a_row() {
        assertThat(condemnStray()).isTrue();
        assertThat(condemn(LATER)).containsExactly(BLOB);
        assertThat(condemnStray()).isFalse();
        catalog.write(tx -> {
            tx.blobs().forget(List.of(BLOB));
            return true;
        });
        name();
        assertThat(condemnStray()).isFalse();
    }

    @Test
    void a_registry_is_named_once_and_is_empty_until_somebody_makes_something() {
        assertThat(registry()).isEmpty();
        assertThat(isEmpty()).isTrue();
        catalog.write(tx -> {
            tx.registryName().insert("a-name");
            return true;
        });
        assertThat(registry()).contains("a-name");
        name();
        assertThat(isEmpty()).isFalse();
    }

    @Test
    void a_copy_is_marked_until_it_is_whole() {
        catalog.write(tx -> {
            tx.registryName().beginCopy("a-name");
            return true;
        });
        boolean begun = catalog.read(tx -> tx.registryName().isCopying());
        assertThat(begun).isTrue();
        catalog.write(tx -> {
            tx.registryName().endCopy();
            return true;
        });
        boolean ended = catalog.read(tx -> tx.registryName().isCopying());
        assertThat(ended).isFalse();
        assertThat(registry()).contains("a-name");
    }
}
