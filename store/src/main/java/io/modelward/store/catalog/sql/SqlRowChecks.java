package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.RowChecks;
import io.modelward.store.catalog.sql.RowHash.Protected;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/** Reads rows as they lie in the tables and hashes them again. */
record SqlRowChecks(Handle handle) implements RowChecks {

    private static final byte[] NOTHING = new byte[0];

    private record Line(List<Object> key, boolean hashed, boolean damaged) {}

    private record Link(long sequence, byte @Nullable [] hash, byte @Nullable [] chain, byte[] found) {}

    @Override
    public List<String> tables() {
        return RowHash.ALL.stream().map(Protected::name).toList();
    }

    @Override
    public Slice check(String name, List<Object> after, int limit) {
        Protected table = RowHash.ALL.stream()
                .filter(one -> one.name().equals(name))
                .findFirst()
                .orElseThrow();
        String key = String.join(", ", table.key());
        String places =
                IntStream.range(0, table.key().size()).mapToObj(i -> ":k" + i).collect(Collectors.joining(", "));
        Query query = handle.createQuery("SELECT " + String.join(", ", table.columns()) + ", row_hash FROM " + name
                        + (after.isEmpty() ? "" : " WHERE (" + key + ") > (" + places + ")") + " ORDER BY " + key
                        + " LIMIT :limit")
                .bind("limit", limit);
        for (int i = 0; i < after.size(); i++) {
            query.bind("k" + i, after.get(i));
        }
        List<Line> lines = query.map((row, context) -> line(table, row)).list();
        return new Slice(
                lines.size(),
                (int) lines.stream().filter(line -> !line.hashed()).count(),
                lines.stream()
                        .filter(Line::damaged)
                        .map(line -> words(table, line))
                        .toList(),
                lines.size() < limit ? List.of() : lines.getLast().key());
    }

    private static Line line(Protected table, ResultSet row) throws SQLException {
        @Nullable Object[] values = values(table, row);
        List<Object> key = new ArrayList<>();
        for (String column : table.key()) {
            Object value = values[table.columns().indexOf(column)];
            key.add(value == null ? "" : value);
        }
        Object hash = row.getObject("row_hash");
        boolean same = hash instanceof byte[] bytes && Arrays.equals(bytes, RowHash.of(table, values));
        return new Line(key, hash != null, hash != null && !same);
    }

    private static @Nullable Object[] values(Protected table, ResultSet row) throws SQLException {
        @Nullable Object[] values = new @Nullable Object[table.columns().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = row.getObject(table.columns().get(i));
        }
        return values;
    }

    private static String words(Protected table, Line line) {
        return table.name() + " "
                + IntStream.range(0, line.key().size())
                        .mapToObj(i -> table.key().get(i) + " " + line.key().get(i))
                        .collect(Collectors.joining(", "));
    }

    @Override
    public Head head() {
        return handle.createQuery("SELECT sequence, chain FROM audit_head WHERE id = 1")
                .map((row, context) -> new Head(row.getLong("sequence"), row.getBytes("chain")))
                .findOne()
                .orElse(new Head(0, NOTHING));
    }

    @Override
    public boolean waiting() {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM audit WHERE sequence >"
                        + " coalesce((SELECT sequence FROM audit_head WHERE id = 1), 0))")
                .mapTo(Boolean.class)
                .one();
    }

    private List<Link> links(long after, long upTo, int limit) {
        return handle.createQuery(
                        "SELECT " + String.join(", ", RowHash.AUDIT.columns()) + ", row_hash, chain FROM audit"
                                + " WHERE sequence > :after AND sequence <= :upTo ORDER BY sequence LIMIT :limit")
                .bind("after", after)
                .bind("upTo", upTo)
                .bind("limit", limit)
                .map((row, context) -> new Link(
                        row.getLong("sequence"),
                        row.getBytes("row_hash"),
                        row.getBytes("chain"),
                        RowHash.of(RowHash.AUDIT, values(RowHash.AUDIT, row))))
                .list();
    }

    @Override
    public int chain(int limit) {
        Head head = head();
        List<Link> links = links(head.sequence(), Long.MAX_VALUE, limit);
        if (links.isEmpty()) {
            return 0;
        }
        PreparedBatch batch =
                handle.prepareBatch("UPDATE audit SET row_hash = :hash, chain = :chain WHERE sequence = :sequence");
        byte[] chain = head.chain();
        for (Link link : links) {
            // An entry of an earlier release has no hash; it is taken as it is found.
            byte[] hash = link.hash() == null ? link.found() : link.hash();
            chain = RowHash.chained(chain, link.sequence(), hash);
            batch.bind("hash", hash)
                    .bind("chain", chain)
                    .bind("sequence", link.sequence())
                    .add();
        }
        batch.execute();
        handle.createUpdate("INSERT INTO audit_head (id, sequence, chain) VALUES (1, :sequence, :chain)"
                        + " ON CONFLICT (id) DO UPDATE SET sequence = excluded.sequence, chain = excluded.chain")
                .bind("sequence", links.getLast().sequence())
                .bind("chain", chain)
                .execute();
        return links.size();
    }

    @Override
    public ChainSlice checkChain(Optional<Head> after, long upTo, int limit) {
        List<Link> links = links(after.map(Head::sequence).orElse(Long.MIN_VALUE), upTo, limit);
        List<Broken> broken = new ArrayList<>();
        Head before = after.orElse(new Head(0, NOTHING));
        for (Link link : links) {
            for (long gone = before.sequence() + 1; gone < link.sequence() && broken.size() < limit; gone++) {
                broken.add(new Broken(gone, "the entry is missing"));
            }
            byte[] hash = link.hash() == null ? NOTHING : link.hash();
            byte[] chain = link.chain() == null ? NOTHING : link.chain();
            if (!Arrays.equals(chain, RowHash.chained(before.chain(), link.sequence(), hash))) {
                broken.add(new Broken(link.sequence(), "it does not follow from the entry before it"));
            }
            before = new Head(link.sequence(), chain);
        }
        return new ChainSlice(before, broken, links.size() < limit);
    }
}
