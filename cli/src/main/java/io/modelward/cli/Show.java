package io.modelward.cli;

import io.modelward.core.json.Json;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Pieces that several commands show alike. */
final class Show {

    private Show() {}

    /** A value as people write it: text without quotes, all else as JSON. */
    static String value(JsonNode value) {
        if (value.isMissingNode()) {
            return "";
        }
        if (value.isNumber()) {
            return Numbers.value(value);
        }
        return value.isString() ? value.asString() : Json.write(value);
    }

    /** The items of an array. */
    static String joined(JsonNode array) {
        List<String> items = new ArrayList<>();
        array.forEach(item -> items.add(value(item)));
        return String.join(", ", items);
    }

    /** The members of an object as {@code name value}, the first {@code most} of them. */
    static String members(JsonNode object, int most) {
        List<String> items = new ArrayList<>();
        object.properties().stream()
                .limit(most)
                .forEach(member -> items.add(member.getKey() + " " + inner(member.getValue())));
        return String.join(", ", items);
    }

    private static String inner(JsonNode value) {
        return value.isObject() ? "(" + members(value, Integer.MAX_VALUE) + ")" : value(value);
    }

    /** Where a version came from, down to the run that made it. */
    static void provenance(Out out, JsonNode provenance) {
        JsonNode run = provenance.path("run");
        out.title("Provenance");
        out.field(
                "source",
                Text.of(provenance, "source")
                        + (provenance.path("external").asBoolean(false) ? " (its files are not kept here)" : ""));
        out.field("logged model", Text.of(provenance, "logged_model"));
        if (!run.isMissingNode()) {
            String name = Text.of(run, "name");
            out.field("run", Text.of(run, "id") + (name.isEmpty() ? "" : " \"" + name + "\""));
            out.field("experiment", Text.of(run, "experiment"));
            out.field("run by", Text.of(run, "user"));
            out.field("status", Text.of(run, "status"));
            out.field("started", Text.time(run, "started_at"));
            out.field("repository", Text.of(run, "repository"));
            out.field("git commit", Text.of(run, "git_commit"));
            run.path("datasets").forEach(dataset -> out.field("dataset", members(dataset, Integer.MAX_VALUE)));
            out.field("parameters", members(run.path("parameters"), Integer.MAX_VALUE));
            out.field("metrics", members(run.path("metrics"), Integer.MAX_VALUE));
        }
    }

    static Table files(JsonNode files) {
        Table table = new Table("~FILE", ">SIZE", "?SHA-256");
        files.forEach(file -> table.row(
                Text.of(file, "path"),
                Sizes.human(file.path("size").asLong(0)),
                Text.of(file, "sha256").replace("sha256:", "")));
        return table;
    }

    static Table audit(JsonNode entries) {
        Table table = new Table("TIME", "?~WHO", "ACTION", "~SUBJECT", "?~WHAT", "?~REASON");
        entries.forEach(entry -> table.row(
                Text.time(entry, "time"),
                Text.who(entry, "who"),
                Text.of(entry, "action"),
                Text.of(entry, "subject"),
                what(entry.path("detail")),
                Text.of(entry, "reason")));
        return table;
    }

    private static String what(JsonNode detail) {
        String alias = Text.of(detail, "alias");
        String version = Text.of(detail, "version");
        String revision = Text.of(detail, "revision");
        return (alias.isEmpty() ? "" : alias + " ")
                + version
                + (revision.isEmpty() ? "" : " (revision " + revision + ")");
    }

    /** What {@code verify} found; the exit code says whether all is intact. */
    static int verification(Out out, JsonNode found) {
        String hashed = Text.plural(found.path("files").asLong(0), "file") + ", "
                + Sizes.human(found.path("bytes").asLong(0));
        long others = found.path("artifacts").asLong(0);
        long rows = found.path("rows").asLong(0);
        long records = found.path("records").asLong(0);
        String all = rows + records + others == 0
                ? hashed
                : hashed + ", " + Text.plural(others, "artifact") + ", " + Text.plural(rows, "row") + " and "
                        + Text.plural(records, "record");
        for (JsonNode damage : found.path("damaged")) {
            out.bad("damaged: " + place(damage) + ": " + Text.of(damage, "what"));
        }
        long unnamed = found.path("unnamed").asLong(0);
        if (unnamed > 0) {
            out.bad("and " + unnamed + " more");
        }
        long unhashed = found.path("rows_unhashed").asLong(0);
        if (unhashed > 0) {
            out.line(Text.plural(unhashed, "row") + " of an earlier release cannot be checked: no hash was kept then.");
        }
        if (found.path("intact").asBoolean(false)) {
            out.good("Intact: " + all + " hashed again.");
            return ExitCodes.DONE;
        }
        out.bad(Text.plural(found.path("damaged").size() + unnamed, "thing") + " damaged or missing, of " + all
                + " hashed again.");
        return ExitCodes.REFUSED;
    }

    /** A file of a version by its reference, all else by its kind and where it lies. */
    private static String place(JsonNode damage) {
        String model = Text.of(damage, "model");
        return (model.isEmpty() ? Text.of(damage, "kind") : model + "@" + Text.of(damage, "version")) + " "
                + Text.of(damage, "path");
    }
}
