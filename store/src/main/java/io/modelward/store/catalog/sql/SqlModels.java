package io.modelward.store.catalog.sql;

import io.modelward.core.access.Reach;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.search.Found;
import io.modelward.core.search.Search;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Skeleton;
import io.modelward.store.catalog.Models;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

record SqlModels(Handle handle, Dialect dialect) implements Models {

    @Override
    public Optional<RegisteredModel> find(ModelName model) {
        return handle.createQuery("SELECT * FROM models WHERE model = :model AND active = 1")
                .bind("model", model.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<RegisteredModel> findDeleted(ModelName model) {
        return handle.createQuery(
                        "SELECT * FROM models WHERE model = :model AND active = 0 ORDER BY deleted_at DESC, id"
                                + " DESC LIMIT 1")
                .bind("model", model.toString())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<RegisteredModel> find(ModelId id) {
        return handle.createQuery("SELECT * FROM models WHERE id = :id")
                .bind("id", id.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<RegisteredModel> findColliding(ModelName model, ModelId except) {
        return handle.createQuery("SELECT * FROM models WHERE (collision_key = :key OR skeleton = :skeleton)"
                        + " AND active = 1 AND id <> :except ORDER BY CASE collision_key WHEN :key THEN 0"
                        + " ELSE 1 END, id LIMIT 1")
                .bind("key", model.key())
                .bind("skeleton", model.skeleton())
                .bind("except", except.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public Optional<String> findCollidingNamespace(String namespace) {
        // Each looks at one entry of the index, however many models a namespace has.
        String skeleton = Skeleton.of(namespace);
        boolean here = handle.createQuery("SELECT namespace FROM models WHERE namespace_skeleton = :skeleton"
                        + " AND namespace = :namespace AND active = 1 LIMIT 1")
                .bind("skeleton", skeleton)
                .bind("namespace", namespace)
                .mapTo(String.class)
                .findOne()
                .isPresent();
        return here
                ? Optional.empty()
                : handle.createQuery("SELECT namespace FROM models WHERE namespace_skeleton = :skeleton AND active = 1"
                                + " ORDER BY namespace LIMIT 1")
                        .bind("skeleton", skeleton)
                        .mapTo(String.class)
                        .findOne();
    }

    @Override
    public RegisteredModel insert(ModelName model, String description, Instant createdAt) {
        long id = handle.createQuery("SELECT coalesce(max(id), 0) + 1 FROM models")
                .mapTo(Long.class)
                .one();
        RegisteredModel made =
                new RegisteredModel(new ModelId(id), model, description, createdAt, createdAt, 0, Optional.empty());
        named(
                        handle.createUpdate(
                                        "INSERT INTO models (id, model, namespace, name, collision_key, description,"
                                                + " created_at, updated_at, last_ordinal, active, skeleton,"
                                                + " namespace_skeleton) VALUES (:id, :model, :namespace, :name, :key,"
                                                + " :description, :at, :at, 0, 1, :skeleton, :namespaceSkeleton)")
                                .bind("at", Columns.micros(createdAt)),
                        made)
                .execute();
        return made;
    }

    @Override
    public void update(RegisteredModel model) {
        named(
                        handle.createUpdate("UPDATE models SET model = :model, namespace = :namespace, name = :name,"
                                        + " collision_key = :key, skeleton = :skeleton,"
                                        + " namespace_skeleton = :namespaceSkeleton, description = :description,"
                                        + " updated_at = :updated, active = :active,"
                                        + " deleted_at = :deleted WHERE id = :id")
                                .bind("updated", Columns.micros(model.updatedAt()))
                                .bind("active", model.active() ? 1 : 0)
                                .bind("deleted", Columns.microsOrNull(model.deletedAt())),
                        model)
                .execute();
    }

    private static Update named(Update update, RegisteredModel model) {
        return update.bind("id", model.id().value())
                .bind("model", model.name().toString())
                .bind("namespace", model.name().namespace())
                .bind("name", model.name().name())
                .bind("key", model.name().key())
                .bind("skeleton", model.name().skeleton())
                .bind("namespaceSkeleton", Skeleton.of(model.name().namespace()))
                .bind("description", model.description());
    }

    @Override
    public long takeOrdinal(ModelId id, Instant at) {
        return handle.createQuery("UPDATE models SET last_ordinal = last_ordinal + 1, updated_at = :at WHERE id = :id"
                        + " RETURNING last_ordinal")
                .bind("id", id.value())
                .bind("at", Columns.micros(at))
                .mapTo(Long.class)
                .one();
    }

    @Override
    public List<RegisteredModel> list(String after, int limit, Reach reach) {
        Bindings bindings = new Bindings();
        StringBuilder sql = new StringBuilder("SELECT r.* FROM models r WHERE r.model > :after AND r.active = 1");
        ReachSql.MODELS
                .conditions(reach, bindings)
                .forEach(one -> sql.append(" AND ").append(one));
        sql.append(" ORDER BY r.model LIMIT :limit");
        return bindings.bind(handle.createQuery(sql))
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> read(row))
                .list();
    }

    @Override
    public List<RegisteredModel> listByChange(Instant changed, ModelId id, int limit, Reach reach) {
        Bindings bindings = new Bindings();
        StringBuilder sql = new StringBuilder("SELECT r.* FROM models r WHERE r.active = 1");
        if (changed.isBefore(Instant.MAX)) {
            sql.append(" AND (r.updated_at < :changed OR (r.updated_at = :changed AND r.id < :id))");
        }
        ReachSql.MODELS
                .conditions(reach, bindings)
                .forEach(one -> sql.append(" AND ").append(one));
        sql.append(" ORDER BY r.updated_at DESC, r.id DESC LIMIT :limit");
        var query = bindings.bind(handle.createQuery(sql)).bind("limit", limit);
        if (changed.isBefore(Instant.MAX)) {
            query = query.bind("changed", Columns.micros(changed)).bind("id", id.value());
        }
        return query.map((row, context) -> read(row)).list();
    }

    @Override
    public Found<RegisteredModel> search(Search search) {
        Bindings bindings = new Bindings();
        List<String> here = List.of("r.namespace = " + bindings.add(ModelName.DEFAULT_NAMESPACE));
        return new SearchSql(handle, dialect, SearchSource.MODELS)
                .run(search, here, bindings, (row, context) -> read(row));
    }

    private static RegisteredModel read(ResultSet row) throws SQLException {
        return new RegisteredModel(
                new ModelId(row.getLong("id")),
                ModelName.parse(row.getString("model")),
                row.getString("description"),
                Columns.instant(row, "created_at"),
                Columns.instant(row, "updated_at"),
                row.getLong("last_ordinal"),
                Columns.optionalInstant(row, "deleted_at"));
    }
}
