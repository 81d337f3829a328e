package io.modelward.store.catalog.sql;

import io.modelward.core.draft.Draft;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.ModelId;
import io.modelward.store.catalog.Drafts;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

record SqlDrafts(Handle handle) implements Drafts {

    @Override
    public void insert(Draft row) {
        handle.createUpdate("INSERT INTO drafts (id, model, created_at, expires_at, actor)"
                        + " VALUES (:id, :model, :createdAt, :expiresAt, :actor)")
                .bind("id", row.id())
                .bind("model", row.model().value())
                .bind("createdAt", Columns.micros(row.createdAt()))
                .bind("expiresAt", Columns.micros(row.expiresAt()))
                .bind("actor", row.actor())
                .execute();
    }

    @Override
    public Optional<Draft> find(String id) {
        return handle.createQuery("SELECT * FROM drafts WHERE id = :id")
                .bind("id", id)
                .map((row, context) -> new Draft(
                        row.getString("id"),
                        new ModelId(row.getLong("model")),
                        Columns.instant(row, "created_at"),
                        Columns.instant(row, "expires_at"),
                        row.getString("actor"),
                        Columns.optionalLong(row, "published")))
                .findOne();
    }

    @Override
    public void putFile(String id, FileEntry file) {
        handle.createUpdate("INSERT INTO draft_files (draft, path, size, sha256) VALUES (:id, :path, :size, :sha256)"
                        + " ON CONFLICT (draft, path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256")
                .bind("id", id)
                .bind("path", file.path().value())
                .bind("size", file.size())
                .bind("sha256", file.sha256().toString())
                .execute();
    }

    @Override
    public List<FileEntry> files(String id) {
        return handle.createQuery("SELECT path, size, sha256 FROM draft_files WHERE draft = :id ORDER BY path")
                .bind("id", id)
                .map((row, context) -> Columns.file(row))
                .list();
    }

    @Override
    public void markPublished(String id, long ordinal) {
        handle.createUpdate("UPDATE drafts SET published = :ordinal WHERE id = :id")
                .bind("id", id)
                .bind("ordinal", ordinal)
                .execute();
        deleteFiles(id);
    }

    @Override
    public void delete(String id) {
        deleteFiles(id);
        handle.createUpdate("DELETE FROM drafts WHERE id = :id").bind("id", id).execute();
    }

    @Override
    public List<String> expired(Instant before) {
        return handle.createQuery("SELECT id FROM drafts WHERE expires_at < :before")
                .bind("before", Columns.micros(before))
                .mapTo(String.class)
                .list();
    }

    private void deleteFiles(String id) {
        handle.createUpdate("DELETE FROM draft_files WHERE draft = :id")
                .bind("id", id)
                .execute();
    }
}
