package io.modelward.core.backup;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What one backup holds.
 *
 * @param id its name; later backups have higher names
 * @param registry the name of the registry
 * @param release that made it
 * @param point everything that was acknowledged before this time is in it
 * @param finishedAt when it was whole
 * @param catalogInside whether it has the catalog; not when the catalog is in a database
 * @param audit the last entry of the audit log that it holds; empty without a catalog and without an entry
 * @param files how many files it lists
 * @param bytes of all of them
 * @param list SHA-256 of the list of files
 * @param unreadable how many files the server could not read or found damaged, so that they are missing
 */
public record BackupManifest(
        String id,
        String registry,
        String release,
        Instant point,
        Instant finishedAt,
        boolean catalogInside,
        Optional<AuditPoint> audit,
        long files,
        long bytes,
        Digest list,
        long unreadable) {

    /** Of the layout of the folder; a folder with a higher one is of a newer release. */
    public static final int FORMAT = 1;

    /** Of a folder whose backups are encrypted. */
    public static final int SEALED_FORMAT = 2;

    /** As a regular expression: date, time, and a number when two were made in one second. */
    public static final String ID = "[0-9]{8}T[0-9]{6}Z(?:-[0-9]{1,3})?";

    /** An entry of the audit log, by its number and time. */
    public record AuditPoint(long sequence, Instant at) {}

    public ObjectNode json() {
        ObjectNode json = Json.object()
                .put("format", FORMAT)
                .put("id", id)
                .put("registry", registry)
                .put("release", release)
                .put("point", point.toString())
                .put("finished_at", finishedAt.toString())
                .put("catalog", catalogInside ? "inside" : "elsewhere");
        audit.ifPresent(last -> json.putObject("audit")
                .put("sequence", last.sequence())
                .put("at", last.at().toString()));
        return json.put("files", files)
                .put("bytes", bytes)
                .put("list_sha256", list.hex())
                .put("unreadable", unreadable);
    }

    /**
     * Reads a manifest.
     *
     * @throws ProblemException of kind REFUSED when a newer release wrote it, INVALID when it is damaged
     */
    public static BackupManifest read(byte[] bytes) {
        JsonNode json = Json.parse(bytes, "manifest");
        requireKnown(json);
        try {
            String catalog = text(json, "catalog");
            if (!catalog.equals("inside") && !catalog.equals("elsewhere")) {
                throw damaged();
            }
            return new BackupManifest(
                    text(json, "id"),
                    text(json, "registry"),
                    text(json, "release"),
                    Instant.parse(text(json, "point")),
                    Instant.parse(text(json, "finished_at")),
                    catalog.equals("inside"),
                    json.has("audit") ? Optional.of(audit(json.path("audit"))) : Optional.empty(),
                    number(json, "files"),
                    number(json, "bytes"),
                    Digest.ofHex(text(json, "list_sha256")),
                    number(json, "unreadable"));
        } catch (DateTimeException noTime) {
            throw damaged();
        }
    }

    /** Refuses what a newer release wrote, and what has no format. */
    public static void requireKnown(JsonNode json) {
        if (number(json, "format") > SEALED_FORMAT) {
            throw ProblemException.refused(
                    "directory",
                    "The backup was made by a newer release of Modelward, in a format that this one does not know. Use that"
                            + " release.");
        }
    }

    private static AuditPoint audit(JsonNode json) {
        return new AuditPoint(number(json, "sequence"), Instant.parse(text(json, "at")));
    }

    private static String text(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isString()) {
            throw damaged();
        }
        return value.stringValue();
    }

    private static long number(JsonNode json, String name) {
        JsonNode value = json.path(name);
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.longValue() < 0) {
            throw damaged();
        }
        return value.longValue();
    }

    private static ProblemException damaged() {
        return ProblemException.invalid("manifest", "The manifest is damaged.");
    }
}
