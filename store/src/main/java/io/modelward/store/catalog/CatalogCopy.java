package io.modelward.store.catalog;

import io.modelward.core.problem.ProblemException;
import io.modelward.store.catalog.RawTables.Table;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Copies a catalog row by row into another one, and compares every row afterwards. Nothing is written to the source. A
 * copy that was interrupted goes on where rows differ: rows that are there already are read and passed over. Where the
 * source was used in between, and rows differ in the end, the copy is begun anew.
 */
public final class CatalogCopy {

    private static final int AT_ONCE = 500;

    /** Told how far a copy is; {@code done} rows of {@code all}. */
    public interface Progress {
        void at(String step, String table, long done, long all);
    }

    /** Rows that are not the same after the copy. */
    public record Difference(String table, String what) {}

    private final Catalog source;
    private final Catalog target;
    private final Progress progress;

    public CatalogCopy(Catalog source, Catalog target, Progress progress) {
        this.source = source;
        this.target = target;
        this.progress = progress;
    }

    /**
     * Copies and compares all tables; answers what differs, which is nothing unless somebody else writes to one of the
     * catalogs.
     */
    public List<Difference> run() {
        List<Table> tables = source.read(tx -> tx.rawTables().tables());
        List<Table> others = target.read(tx -> tx.rawTables().tables());
        if (!tables.equals(others)) {
            throw new IllegalStateException("the two catalogs have other tables");
        }
        tables.forEach(this::copy);
        List<Difference> differences = compare(tables);
        if (!differences.isEmpty()) {
            // An earlier try copied rows that the source has no more.
            target.write(tx -> {
                tx.rawTables().clear();
                return true;
            });
            tables.forEach(this::copy);
            differences = compare(tables);
        }
        return differences;
    }

    private List<Difference> compare(List<Table> tables) {
        List<Difference> differences = new ArrayList<>();
        tables.forEach(table -> compare(table, differences));
        return differences;
    }

    private void copy(Table table) {
        long all = source.read(tx -> tx.rawTables().count(table));
        List<@Nullable Object> after = List.of();
        long done = 0;
        for (List<List<@Nullable Object>> rows = rows(source, table, after);
                !rows.isEmpty();
                rows = rows(source, table, after)) {
            if (!areSame(rows, rows(target, table, after))) {
                put(table, rows);
            }
            after = table.keyOf(rows.getLast());
            done += rows.size();
            progress.at("copied", table.name(), done, all);
        }
    }

    private void put(Table table, List<List<@Nullable Object>> rows) {
        try {
            target.write(tx -> {
                tx.rawTables().put(table, rows);
                return true;
            });
        } catch (ProblemException refused) {
            for (List<@Nullable Object> row : rows) {
                if (row.stream().anyMatch(value -> value instanceof String text && text.indexOf(0) >= 0)) {
                    throw ProblemException.invalid(
                            table.name(),
                            "The row " + table.keyOf(row) + " of the table " + table.name()
                                    + " has a text with the character U+0000, which the new database cannot keep."
                                    + " This registry cannot be moved.");
                }
            }
            throw refused;
        }
    }

    private void compare(Table table, List<Difference> differences) {
        long all = source.read(tx -> tx.rawTables().count(table));
        long others = target.read(tx -> tx.rawTables().count(table));
        if (all != others) {
            differences.add(new Difference(table.name(), "has " + others + " rows instead of " + all));
        }
        List<@Nullable Object> after = List.of();
        long done = 0;
        for (List<List<@Nullable Object>> rows = rows(source, table, after);
                !rows.isEmpty();
                rows = rows(source, table, after)) {
            List<List<@Nullable Object>> copied = rows(target, table, after);
            for (int i = 0; i < rows.size(); i++) {
                if (i >= copied.size() || !same(rows.get(i), copied.get(i))) {
                    differences.add(new Difference(
                            table.name(), "has another row than " + table.keyOf(rows.get(i)) + " in this place"));
                    return;
                }
            }
            after = table.keyOf(rows.getLast());
            done += rows.size();
            progress.at("compared", table.name(), done, all);
        }
    }

    private static List<List<@Nullable Object>> rows(Catalog catalog, Table table, List<@Nullable Object> after) {
        return catalog.read(tx -> tx.rawTables().rows(table, after, AT_ONCE));
    }

    private static boolean areSame(List<List<@Nullable Object>> rows, List<List<@Nullable Object>> others) {
        if (rows.size() != others.size()) {
            return false;
        }
        for (int i = 0; i < rows.size(); i++) {
            if (!same(rows.get(i), others.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean same(List<@Nullable Object> row, List<@Nullable Object> other) {
        for (int i = 0; i < row.size(); i++) {
            Object value = row.get(i);
            boolean equal = value instanceof byte[] bytes
                    ? other.get(i) instanceof byte[] others && Arrays.equals(bytes, others)
                    : Objects.equals(value, other.get(i));
            if (!equal) {
                return false;
            }
        }
        return row.size() == other.size();
    }
}
