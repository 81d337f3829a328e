package io.modelward.store.catalog.sql;

import io.modelward.core.model.AliasMove;
import io.modelward.core.model.ModelAlias;
import io.modelward.core.version.ModelId;
import io.modelward.store.catalog.Aliases;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;

record SqlAliases(Handle handle) implements Aliases {

    @Override
    public Optional<AliasMove> latest(ModelId model, String alias) {
        return moves(model, alias, " LIMIT 1").findFirst();
    }

    @Override
    public List<AliasMove> history(ModelId model, String alias) {
        return moves(model, alias, "").toList();
    }

    private java.util.stream.Stream<AliasMove> moves(ModelId model, String alias, String limit) {
        return query(
                "SELECT * FROM alias_moves WHERE model = :model AND alias = :alias ORDER BY sequence DESC" + limit,
                model)
                .bind("alias", alias)
                .map((row, context) -> read(row))
                .list()
                .stream();
    }

    @Override
    public List<ModelAlias> list(ModelId model) {
        return query("SELECT alias, ordinal FROM aliases WHERE model = :model ORDER BY alias", model)
                .map((row, context) -> new ModelAlias(row.getString("alias"), row.getLong("ordinal")))
                .list();
    }

    @Override
    public Map<Long, List<String>> of(Collection<Long> versions) {
        return new Sides(handle)
                .ofEach(
                        versions,
                        "SELECT v.id, a.alias FROM versions v JOIN aliases a ON a.model = v.model"
                                + " AND a.ordinal = v.ordinal WHERE v.id",
                        "v.id, a.alias",
                        (row, context) -> row.getLong("id"),
                        (row, context) -> row.getString("alias"));
    }

    @Override
    public List<String> of(ModelId model, long ordinal) {
        return query("SELECT alias FROM aliases WHERE model = :model AND ordinal = :ordinal ORDER BY alias", model)
                .bind("ordinal", ordinal)
                .mapTo(String.class)
                .list();
    }

    @Override
    public void insert(AliasMove move) {
        handle.createUpdate("INSERT INTO alias_moves (model, alias, sequence, ordinal, changed_at, actor,"
                        + " verified, reason) VALUES (:model, :alias, :sequence, :ordinal, :at, :actor,"
                        + " :verified, :reason)")
                .bind("model", move.model().value())
                .bind("alias", move.alias())
                .bind("sequence", move.sequence())
                .bind("ordinal", Columns.orNull(move.ordinal()))
                .bind("at", Columns.micros(move.change().at()))
                .bind("actor", move.change().actor())
                .bind("verified", move.change().verified() ? 1 : 0)
                .bind("reason", move.change().reason())
                .execute();
        String now = move.ordinal().isPresent()
                ? "INSERT INTO aliases (model, alias, ordinal) VALUES (:model, :alias, :ordinal)"
                        + " ON CONFLICT (model, alias) DO UPDATE SET ordinal = excluded.ordinal"
                : "DELETE FROM aliases WHERE model = :model AND alias = :alias";
        var update =
                handle.createUpdate(now).bind("model", move.model().value()).bind("alias", move.alias());
        move.ordinal().ifPresent(ordinal -> update.bind("ordinal", ordinal));
        update.execute();
    }

    private Query query(String sql, ModelId model) {
        return handle.createQuery(sql).bind("model", model.value());
    }

    private static AliasMove read(ResultSet row) throws SQLException {
        return new AliasMove(
                new ModelId(row.getLong("model")),
                row.getString("alias"),
                row.getLong("sequence"),
                Columns.optionalLong(row, "ordinal"),
                Columns.change(row, "changed_at"));
    }
}
