package io.modelward.runtime.portable;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.evaluator.value.TableValue;
import io.modelward.evaluator.value.Value;
import io.modelward.runtime.ServedBy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormStoreTest {

    private static final Digest VERSION = Digest.of(new byte[] {1});

    @TempDir
    Path directory;

    private static FormStore.Kept kept() {
        return new FormStore.Kept(
                "{}".getBytes(StandardCharsets.UTF_8),
                ByteBuffer.allocate(8),
                new ServedBy(ServedBy.Computer.EVALUATOR, 5, 4, 3, 0, ""),
                new RowCost(7, 8),
                new FormStore.Facts("Ridge", Map.of("python", "3.11"), List.of()));
    }

    @Test
    void a_form_that_another_release_proved_is_not_found() {
        FormStore earlier = new FormStore(directory, "earlier");
        FormStore later = new FormStore(directory, "later");
        earlier.write(earlier.name(VERSION, "depends"), kept());
        assertThat(earlier.read(earlier.name(VERSION, "depends"))).isPresent();
        assertThat(later.read(later.name(VERSION, "depends"))).isEmpty();
    }

    @Test
    void the_code_of_this_release_has_one_name() {
        assertThat(OwnCode.digest()).isEqualTo(OwnCode.digest()).hasSize(64);
    }

    @Test
    void rows_are_joined_only_when_no_column_changes_its_kind() {
        Value number = TableRows.of(new Object[] {1.0, "x"}, false);
        Value text = TableRows.of(new Object[] {"1", "x"}, false);
        assertThat(TableRows.alike(number, TableRows.of(new Object[] {Double.NaN, null}, false)))
                .isTrue();
        assertThat(TableRows.alike(number, text)).isFalse();
        assertThat(((TableValue) TableRows.joined(List.of(number, text)))
                        .cells()
                        .getFirst())
                .isInstanceOf(TableValue.Column.Objects.class);
    }
}
