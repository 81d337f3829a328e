package io.modelward.core.signature;

import io.modelward.core.json.JsonPath;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Whether the texts of a row are what the formats {@code date-time} and {@code base64} of its schema say. Only callers'
 * rows are held to formats; what a model answers is not.
 */
final class FormatCheck {

    /**
     * ISO 8601: a date, and perhaps a time of day, and perhaps a zone. Dates alone and a space for the T are taken as
     * well.
     */
    private static final Pattern TIME = Pattern.compile("(\\d{4}-\\d{2}-\\d{2})"
            + "(?:[T ](\\d{2}:\\d{2})(?::(\\d{2})(?:\\.(\\d{1,9}))?)?(Z|[+-]\\d{2}(?::?\\d{2})?)?)?");

    /** Models get times as 64-bit counts of nanoseconds. */
    private static final Instant FIRST = Instant.parse("1677-09-22T00:00:00Z");

    private static final Instant LAST = Instant.parse("2262-04-11T00:00:00Z");

    private FormatCheck() {}

    /** Whether any part of the schema has a format that is checked. */
    static boolean concerns(Schema schema) {
        return switch (schema) {
            case Schema.Text text ->
                text.format()
                        .map(format -> format.equals("date-time") || format.equals("base64"))
                        .orElse(false);
            case Schema.Arr array -> array.prefix().stream().anyMatch(FormatCheck::concerns) || concerns(array.items());
            case Schema.Obj object ->
                object.properties().values().stream().anyMatch(FormatCheck::concerns) || concerns(object.additional());
            case Schema.Union(List<Schema> of) -> of.stream().anyMatch(FormatCheck::concerns);
            case Schema.Unknown unknown -> concerns(unknown.known());
            default -> false;
        };
    }

    /** The first text that is not what its format says, in a value that the schema accepts. */
    static @Nullable Violation check(Schema schema, JsonNode value, Supplier<String> path) {
        return switch (schema) {
            case Schema.Text text -> text(text, value, path);
            case Schema.Arr array -> items(array, value, path);
            case Schema.Obj object -> members(object, value, path);
            case Schema.Union(List<Schema> of) -> any(of, value, path);
            case Schema.Unknown unknown -> check(unknown.known(), value, path);
            default -> null;
        };
    }

    private static @Nullable Violation text(Schema.Text schema, JsonNode value, Supplier<String> path) {
        String format = schema.format().orElse("");
        if (format.equals("date-time") && !isTime(value.stringValue(""))) {
            return new Violation(
                    path.get(),
                    "must be a date or a time such as 2024-01-31 or 2024-01-31T08:30:00Z, from the year 1678 to"
                            + " the year 2261");
        }
        if (format.equals("base64") && !isBase64(value.stringValue(""))) {
            return new Violation(path.get(), "must be bytes in base64");
        }
        return null;
    }

    private static @Nullable Violation items(Schema.Arr schema, JsonNode value, Supplier<String> path) {
        for (int i = 0; i < value.size(); i++) {
            int index = i;
            Violation wrong = check(schema.item(i), value.get(i), () -> JsonPath.item(path.get(), index));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable Violation members(Schema.Obj schema, JsonNode value, Supplier<String> path) {
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            Schema property = schema.properties().getOrDefault(member.getKey(), schema.additional());
            Violation wrong = check(property, member.getValue(), () -> JsonPath.member(path.get(), member.getKey()));
            if (wrong != null) {
                return wrong;
            }
        }
        return null;
    }

    private static @Nullable Violation any(List<Schema> of, JsonNode value, Supplier<String> path) {
        Violation last = null;
        for (Schema part : of) {
            if (SchemaCheck.accepts(part, value)) {
                Violation wrong = check(part, value, path);
                if (wrong == null) {
                    return null;
                }
                last = wrong;
            }
        }
        return last;
    }

    static boolean isTime(String text) {
        Matcher parts = TIME.matcher(text);
        if (!parts.matches()) {
            return false;
        }
        try {
            LocalDate date = LocalDate.parse(parts.group(1));
            LocalTime time = parts.group(2) == null
                    ? LocalTime.MIDNIGHT
                    : LocalTime.parse(parts.group(2) + ":" + (parts.group(3) == null ? "00" : parts.group(3)));
            ZoneOffset zone = parts.group(5) == null ? ZoneOffset.UTC : ZoneOffset.of(parts.group(5));
            Instant moment = date.atTime(time).toInstant(zone);
            return !moment.isBefore(FIRST) && moment.isBefore(LAST);
        } catch (DateTimeException none) {
            return false;
        }
    }

    /** Base64 as RFC 4648 has it first, padded; line ends and spaces are skipped. */
    static boolean isBase64(String text) {
        int letters = 0;
        int padding = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\n' || c == '\r' || c == ' ' || c == '\t') {
                continue;
            }
            boolean letter =
                    (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' || c == '/';
            if (c == '=') {
                padding++;
            } else if (!letter || padding > 0) {
                return false;
            } else {
                letters++;
            }
        }
        return padding <= 2 && (letters + padding) % 4 == 0 && letters % 4 != 1;
    }
}
