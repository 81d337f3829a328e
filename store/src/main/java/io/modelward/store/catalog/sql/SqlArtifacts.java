package io.modelward.store.catalog.sql;

import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.artifact.ArtifactSeal;
import io.modelward.core.digest.Digest;
import io.modelward.store.catalog.Artifacts;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.core.statement.SqlStatement;

/**
 * Folders are ranges of the key: what is below {@code a} lies from {@code a/} to before {@code a0}, since 0 follows the
 * slash.
 */
record SqlArtifacts(Handle handle) implements Artifacts {

    private static final char SLASH = '/';
    private static final char AFTER_SLASH = '0';
    /** Not in any path, and before every character that is. */
    private static final char FIRST = '\u0001';

    private static final int AT_ONCE = 64;

    @Override
    public List<Stored> stored(String after, int limit) {
        return handle.createQuery(
                        "SELECT path, size, sha256 FROM artifacts WHERE path > :after ORDER BY path LIMIT :limit")
                .bind("after", after)
                .bind("limit", limit)
                .map((row, context) -> new Stored(row.getString("path"), row.getLong("size"), row.getString("sha256")))
                .list();
    }

    @Override
    public Optional<Artifact> find(ArtifactPath path) {
        return handle.createQuery("SELECT * FROM artifacts WHERE path = :path")
                .bind("path", path.value())
                .map((row, context) -> read(row))
                .findOne();
    }

    @Override
    public void put(Artifact artifact) {
        handle.createUpdate("INSERT INTO artifacts (path, size, sha256, created_at) VALUES (:path, :size, :sha256, :at)"
                        + " ON CONFLICT (path) DO UPDATE SET size = excluded.size, sha256 = excluded.sha256,"
                        + " created_at = excluded.created_at")
                .bind("path", artifact.path().value())
                .bind("size", artifact.size())
                .bind("sha256", artifact.sha256().toString())
                .bind("at", Columns.micros(artifact.createdAt()))
                .execute();
    }

    @Override
    public boolean remove(ArtifactPath path) {
        return handle.createUpdate("DELETE FROM artifacts WHERE path = :path")
                        .bind("path", path.value())
                        .execute()
                > 0;
    }

    @Override
    public int removeBelow(ArtifactPath directory) {
        return range(
                        handle.createUpdate("DELETE FROM artifacts WHERE " + within("path", directory.value())),
                        directory.value())
                .execute();
    }

    @Override
    public List<Artifact> below(ArtifactPath directory) {
        return range(
                        handle.createQuery("SELECT * FROM artifacts WHERE " + within("path", directory.value())
                                + " ORDER BY path"),
                        directory.value())
                .map((row, context) -> read(row))
                .list();
    }

    @Override
    public boolean isDirectory(ArtifactPath path) {
        return range(
                        handle.createQuery(
                                "SELECT EXISTS (SELECT 1 FROM artifacts WHERE " + within("path", path.value()) + ")"),
                        path.value())
                .mapTo(Boolean.class)
                .one();
    }

    @Override
    public Optional<ArtifactPath> fileAbove(ArtifactPath path) {
        List<String> above = lineage(path.value());
        Bindings bindings = new Bindings();
        String list = bindings.list(above.subList(0, above.size() - 1));
        return bindings.bind(handle.createQuery("SELECT path FROM artifacts WHERE path IN " + list + " LIMIT 1"))
                .mapTo(String.class)
                .map(ArtifactPath::new)
                .findOne();
    }

    @Override
    public List<ArtifactEntry> children(ArtifactPath folder, String after, int limit) {
        String directory = folder.value();
        String prefix = directory.isEmpty() ? "" : directory + SLASH;
        String from = after.isEmpty() ? prefix : beyond(prefix + after);
        List<ArtifactEntry> children = new ArrayList<>();
        while (children.size() < limit) {
            List<Artifact> some = from(directory, from);
            for (Artifact row : some) {
                ArtifactEntry child = child(row, prefix);
                boolean seen = !children.isEmpty() && children.getLast().key().equals(child.key());
                if (!seen && children.size() < limit) {
                    children.add(child);
                }
            }
            if (some.size() < AT_ONCE) {
                break;
            }
            from = beyond(prefix + child(some.getLast(), prefix).key());
        }
        return children;
    }

    /**
     * The next files of a folder: when they are many, the folder that the last one lies in is then stepped over. Only
     * one lower bound is said: given two, SQLite may begin at the lower one.
     */
    private List<Artifact> from(String directory, String from) {
        String end = directory.isEmpty() ? "" : " AND path < :end";
        Query query = handle.createQuery(
                        "SELECT * FROM artifacts WHERE path >= :from" + end + " ORDER BY path LIMIT " + AT_ONCE)
                .bind("from", from);
        if (!directory.isEmpty()) {
            query.bind("end", directory + AFTER_SLASH);
        }
        return query.map((row, context) -> read(row)).list();
    }

    /** The first path that may follow a file, or all that is below a folder, whose path ends with the slash. */
    private static String beyond(String path) {
        return path.charAt(path.length() - 1) == SLASH
                ? path.substring(0, path.length() - 1) + AFTER_SLASH
                : path + FIRST;
    }

    private static ArtifactEntry child(Artifact artifact, String prefix) {
        String path = artifact.path().value();
        int slash = path.indexOf(SLASH, prefix.length());
        return slash < 0
                ? new ArtifactEntry(path.substring(prefix.length()), false, artifact.size())
                : new ArtifactEntry(path.substring(prefix.length(), slash), true, 0);
    }

    @Override
    public void seal(ArtifactSeal seal) {
        handle.createUpdate("INSERT INTO artifact_seals (directory, subject, at) VALUES (:directory, :subject, :at)"
                        + " ON CONFLICT (directory) DO NOTHING")
                .bind("directory", seal.directory().value())
                .bind("subject", seal.subject())
                .bind("at", Columns.micros(seal.at()))
                .execute();
    }

    @Override
    public Optional<ArtifactSeal> sealOver(ArtifactPath path) {
        Bindings bindings = new Bindings();
        String list = bindings.list(lineage(path.value()));
        return bindings.bind(handle.createQuery(
                        "SELECT * FROM artifact_seals WHERE directory IN " + list + " ORDER BY directory LIMIT 1"))
                .map((row, context) -> readSeal(row))
                .findOne();
    }

    @Override
    public Optional<ArtifactSeal> sealWithin(ArtifactPath directory) {
        return range(
                        handle.createQuery("SELECT * FROM artifact_seals WHERE "
                                + within("directory", directory.value()) + " ORDER BY directory LIMIT 1"),
                        directory.value())
                .map((row, context) -> readSeal(row))
                .findOne();
    }

    /** The folders above a path, outermost first, and the path itself. */
    private static List<String> lineage(String path) {
        List<String> all = new ArrayList<>();
        for (int slash = path.indexOf(SLASH); slash >= 0; slash = path.indexOf(SLASH, slash + 1)) {
            all.add(path.substring(0, slash));
        }
        all.add(path);
        return all;
    }

    private static String within(String column, String directory) {
        return directory.isEmpty() ? column + " > ''" : column + " >= :first AND " + column + " < :end";
    }

    private static <S extends SqlStatement<S>> S range(S statement, String directory) {
        return directory.isEmpty()
                ? statement
                : statement.bind("first", directory + SLASH).bind("end", directory + AFTER_SLASH);
    }

    private static Artifact read(ResultSet row) throws SQLException {
        return new Artifact(
                new ArtifactPath(row.getString("path")),
                row.getLong("size"),
                Digest.parse(row.getString("sha256")),
                Columns.instant(row, "created_at"));
    }

    private static ArtifactSeal readSeal(ResultSet row) throws SQLException {
        return new ArtifactSeal(
                new ArtifactPath(row.getString("directory")), row.getString("subject"), Columns.instant(row, "at"));
    }
}
