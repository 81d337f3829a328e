package io.modelward.store.catalog.sql;

import io.modelward.core.published.VersionOrigin;
import io.modelward.store.catalog.VersionOrigins;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlVersionOrigins(Handle handle) implements VersionOrigins {

    @Override
    public void insert(long version, VersionOrigin origin) {
        handle.createUpdate("INSERT INTO version_origins (version, source, location, run, logged_model, run_link,"
                        + " external) VALUES (:version, :source, :location, :run, :model, :link, :external)")
                .bind("version", version)
                .bind("source", origin.source())
                .bind("location", origin.location())
                .bind("run", origin.run().orElse(null))
                .bind("model", origin.loggedModel().orElse(null))
                .bind("link", origin.runLink().orElse(null))
                .bind("external", origin.external() ? 1 : 0)
                .execute();
    }

    @Override
    public Map<Long, VersionOrigin> find(Collection<Long> versions) {
        Map<Long, VersionOrigin> origins = new HashMap<>();
        new Sides(handle)
                .ofEach(
                        versions,
                        "SELECT * FROM version_origins WHERE version",
                        "version",
                        (row, context) -> row.getLong("version"),
                        (row, context) -> new VersionOrigin(
                                row.getString("source"),
                                row.getString("location"),
                                Optional.ofNullable(row.getString("run")),
                                Optional.ofNullable(row.getString("logged_model")),
                                Optional.ofNullable(row.getString("run_link")),
                                row.getLong("external") == 1))
                .forEach((version, origin) -> origins.put(version, origin.getFirst()));
        return origins;
    }
}
