package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.LoggedModels;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlLoggedModels(Handle handle) implements LoggedModels {

    @Override
    public Optional<Row> find(String id) {
        return Optional.empty();
    }

    @Override
    public Optional<Row> ofRun(String run, String name) {
        return Optional.empty();
    }
}
