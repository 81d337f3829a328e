package io.modelward.store.catalog.sql;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.tracking.KeyValue;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/** How the types of the domain stand in columns. */
final class Columns {

    private Columns() {}

    /** Microseconds since 1970. */
    static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    static Instant instant(ResultSet row, String column) throws SQLException {
        return Instant.EPOCH.plus(row.getLong(column), ChronoUnit.MICROS);
    }

    static Change change(ResultSet row, String timeColumn) throws SQLException {
        return new Change(
                instant(row, timeColumn),
                row.getString("actor"),
                row.getLong("verified") == 1,
                row.getString("reason"));
    }

    static FileEntry file(ResultSet row) throws SQLException {
        return new FileEntry(
                FilePath.parse(row.getString("path")), row.getLong("size"), Digest.parse(row.getString("sha256")));
    }

    static OptionalLong optionalLong(ResultSet row, String column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? OptionalLong.empty() : OptionalLong.of(value);
    }

    static @Nullable Long orNull(OptionalLong value) {
        return value.isPresent() ? value.getAsLong() : null;
    }

    static Optional<Instant> optionalInstant(ResultSet row, String column) throws SQLException {
        OptionalLong micros = optionalLong(row, column);
        return micros.isPresent()
                ? Optional.of(Instant.EPOCH.plus(micros.getAsLong(), ChronoUnit.MICROS))
                : Optional.empty();
    }

    static @Nullable Long microsOrNull(Optional<Instant> time) {
        return time.map(Columns::micros).orElse(null);
    }

    /** A JSON object, read from its text. */
    static ObjectNode object(ResultSet row, String column) throws SQLException {
        return (ObjectNode) Json.parse(row.getString(column), column);
    }

    static KeyValue entry(ResultSet row) throws SQLException {
        return new KeyValue(row.getString("key"), row.getString("value"));
    }
}
