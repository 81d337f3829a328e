package io.modelward.registry.verify;

import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.RowChecks;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Checks the rows of a catalog that must not change, and the chain of its audit log. */
public final class RowVerifier {

    /** Rows that are read at once. */
    private static final int SLICE = 500;

    private final Catalog catalog;

    public RowVerifier(Catalog catalog) {
        this.catalog = catalog;
    }

    /** Hears what is found. */
    public interface Found {

        /** @param unhashed how many of the rows have no hash to compare with */
        void rows(long rows, long unhashed);

        void damaged(Damage damage);
    }

    /** Reads in slices; blocking. */
    public void run(Found found) {
        for (String table : catalog.read(tx -> tx.rowChecks().tables())) {
            List<Object> last = List.of();
            do {
                List<Object> after = last;
                RowChecks.Slice slice = catalog.read(tx -> tx.rowChecks().check(table, after, SLICE));
                found.rows(slice.rows(), slice.unhashed());
                slice.damaged().forEach(row -> found.damaged(Damage.row(row, "it is not as it was written")));
                last = slice.end();
            } while (!last.isEmpty());
        }
        chain(found);
    }

    private void chain(Found found) {
        RowChecks.Head head = catalog.read(tx -> tx.rowChecks().head());
        Optional<RowChecks.Head> last = Optional.empty();
        RowChecks.ChainSlice slice;
        do {
            Optional<RowChecks.Head> after = last;
            slice = catalog.read(tx -> tx.rowChecks().checkChain(after, head.sequence(), SLICE));
            slice.damaged()
                    .forEach(broken -> found.damaged(Damage.row("audit sequence " + broken.sequence(), broken.what())));
            last = Optional.of(slice.end());
        } while (!slice.last());
        if (slice.end().sequence() != head.sequence()
                || !Arrays.equals(slice.end().chain(), head.chain())) {
            found.damaged(Damage.row(
                    "audit sequence " + head.sequence(), "the log does not end with it, though it once did"));
        }
    }
}
