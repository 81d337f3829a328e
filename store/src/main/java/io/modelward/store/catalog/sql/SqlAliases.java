package io.modelward.store.catalog.sql;

import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Aliases;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

record SqlAliases(Handle handle) implements Aliases {

    @Override
    public Optional<Move> latest(ModelName model, String alias) {
        return handle.createQuery("SELECT * FROM alias_moves WHERE model = :model AND alias = :alias"
                        + " ORDER BY sequence DESC LIMIT 1")
                .bind("model", model.toString())
                .bind("alias", alias)
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public List<Move> history(ModelName model, String alias) {
        return handle.createQuery(
                        "SELECT * FROM alias_moves WHERE model = :model AND alias = :alias" + " ORDER BY sequence DESC")
                .bind("model", model.toString())
                .bind("alias", alias)
                .map((row, context) -> read(row))
                .list();
    }

    @Override
    public List<Move> list(ModelName model) {
        return handle.createQuery("SELECT m.* FROM alias_moves m WHERE m.model = :model AND m.ordinal IS NOT NULL"
                        + " AND m.sequence = (SELECT max(n.sequence) FROM alias_moves n"
                        + " WHERE n.model = m.model AND n.alias = m.alias) ORDER BY m.alias")
                .bind("model", model.toString())
                .map((row, context) -> read(row))
                .list();
    }

    @Override
    public void insert(Move move) {
        Update update = handle.createUpdate(
                        "INSERT INTO alias_moves (model, alias, sequence, ordinal, changed_at, actor,"
                                + " verified, reason) VALUES (:model, :alias, :sequence, :ordinal, :at, :actor, :verified, :reason)")
                .bind("model", move.model().toString())
                .bind("alias", move.alias())
                .bind("sequence", move.sequence())
                .bind("at", Columns.micros(move.change().at()))
                .bind("actor", move.change().actor())
                .bind("verified", move.change().verified() ? 1 : 0)
                .bind("reason", move.change().reason());
        if (move.ordinal().isPresent()) {
            update.bind("ordinal", move.ordinal().getAsLong()).execute();
        } else {
            update.bindNull("ordinal", Types.BIGINT).execute();
        }
    }

    private static Move read(ResultSet row) throws SQLException {
        return new Move(
                ModelName.parse(row.getString("model")),
                row.getString("alias"),
                row.getLong("sequence"),
                Columns.optionalLong(row, "ordinal"),
                Columns.change(row, "changed_at"));
    }
}
