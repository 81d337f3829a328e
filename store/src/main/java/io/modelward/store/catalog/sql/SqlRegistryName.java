package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.RegistryName;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlRegistryName(Handle handle) implements RegistryName {

    @Override
    public Optional<String> find() {
        return handle.createQuery("SELECT name FROM registry WHERE id = 1")
                .mapTo(String.class)
                .findOne();
    }

    @Override
    public boolean isCopying() {
        return handle.createQuery("SELECT EXISTS (SELECT 1 FROM registry WHERE state = 'copying')")
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public void insert(String name) {
        insert(name, "complete");
    }

    @Override
    public void beginCopy(String name) {
        insert(name, "copying");
    }

    private void insert(String name, String state) {
        handle.createUpdate("INSERT INTO registry (id, name, state) VALUES (1, :name, :state)")
                .bind("name", name)
                .bind("state", state)
                .execute();
    }

    @Override
    public void endCopy() {
        handle.createUpdate("UPDATE registry SET state = 'complete' WHERE id = 1")
                .execute();
    }

    @Override
    public boolean isEmpty() {
        return handle.createQuery("SELECT NOT EXISTS (SELECT 1 FROM audit) AND NOT EXISTS (SELECT 1 FROM models)"
                        + " AND NOT EXISTS (SELECT 1 FROM runs) AND NOT EXISTS (SELECT 1 FROM artifacts)"
                        + " AND NOT EXISTS (SELECT 1 FROM experiments WHERE id > 0)")
                .mapTo(Boolean.class)
                .one();
    }
}
