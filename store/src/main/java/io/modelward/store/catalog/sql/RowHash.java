package io.modelward.store.catalog.sql;

import io.modelward.store.blob.Sha256;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The hash of a row that must not change: SHA-256 over the table's name and each value in the order of the columns. A
 * value is a letter for its type (I whole number, T text, B bytes, N nothing), the number of its bytes as 8 bytes, and
 * its bytes; whole numbers are 8 bytes, text is UTF-8.
 */
final class RowHash {

    /** A table with rows that must not change. */
    record Protected(String name, List<String> key, List<String> columns) {}

    static final Protected VERSIONS = new Protected(
            "versions",
            List.of("id"),
            List.of(
                    "id",
                    "model",
                    "ordinal",
                    "version",
                    "sort_key",
                    "pre_release",
                    "digest",
                    "manifest",
                    "card",
                    "shown_card",
                    "missing",
                    "signature",
                    "least_bump",
                    "warnings",
                    "size",
                    "published_at",
                    "actor",
                    "verified",
                    "reason"));
    static final Protected VERSION_FILES =
            new Protected("version_files", List.of("version", "path"), List.of("version", "path", "size", "sha256"));
    static final Protected ROUTE_REVISIONS = new Protected(
            "route_revisions",
            List.of("endpoint", "revision"),
            List.of(
                    "endpoint",
                    "revision",
                    "cause",
                    "arms",
                    "contract",
                    "contract_changed",
                    "rollout",
                    "step",
                    "changed_at",
                    "actor",
                    "verified",
                    "reason"));
    static final Protected EVIDENCE = new Protected(
            "evidence",
            List.of("rollout", "tick", "guardrail"),
            List.of(
                    "rollout",
                    "tick",
                    "guardrail",
                    "revision",
                    "split",
                    "n_canary",
                    "x_canary",
                    "n_active",
                    "x_active"));
    static final Protected AUDIT = new Protected(
            "audit",
            List.of("sequence"),
            List.of("sequence", "at", "actor", "verified", "action", "subject", "reason", "detail"));

    static final List<Protected> ALL = List.of(VERSIONS, VERSION_FILES, ROUTE_REVISIONS, EVIDENCE, AUDIT);

    private RowHash() {}

    /** @param values in the order of the table's columns */
    static byte[] of(Protected table, @Nullable Object... values) {
        if (values.length != table.columns().size()) {
            throw new IllegalArgumentException(table.name() + " has other columns");
        }
        MessageDigest sha256 = Sha256.start();
        put(sha256, 'T', table.name().getBytes(StandardCharsets.UTF_8));
        for (Object value : values) {
            switch (value) {
                case null -> put(sha256, 'N', new byte[0]);
                case Long number -> put(sha256, 'I', bytes(number));
                case Integer number -> put(sha256, 'I', bytes(number.longValue()));
                case byte[] bytes -> put(sha256, 'B', bytes);
                default -> put(sha256, 'T', value.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        return sha256.digest();
    }

    /** What the chain is after an entry. */
    static byte[] chained(byte[] before, long sequence, byte[] rowHash) {
        MessageDigest sha256 = Sha256.start();
        put(sha256, 'B', before);
        put(sha256, 'I', bytes(sequence));
        put(sha256, 'B', rowHash);
        return sha256.digest();
    }

    private static void put(MessageDigest sha256, char type, byte[] bytes) {
        sha256.update((byte) type);
        sha256.update(bytes(bytes.length));
        sha256.update(bytes);
    }

    private static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** The names and the places of a row's values, for an INSERT. */
    static String insert(Protected table) {
        List<String> columns = new ArrayList<>(table.columns());
        columns.add("row_hash");
        return "INSERT INTO " + table.name() + " (" + String.join(", ", columns) + ") VALUES (:"
                + String.join(", :", columns) + ")";
    }
}
