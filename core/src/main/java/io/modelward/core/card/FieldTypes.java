package io.modelward.core.card;

import io.modelward.core.json.JsonKind;
import io.modelward.core.json.JsonPath;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.SchemaReader;
import io.modelward.core.signature.SchemaSide;
import io.modelward.core.version.SemVer;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.Locale;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/** The types that fields of a card may have. */
final class FieldTypes {

    private static final BigDecimal LARGEST_COUNT = BigDecimal.valueOf((1L << 53) - 1);
    private static final Pattern RFC_3339 =
            Pattern.compile("\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,9})?([Zz]|[+-]\\d\\d:\\d\\d)");

    private FieldTypes() {}

    static void string(JsonNode value, String path, BiConsumer<String, String> report) {
        if (!value.isString()) {
            report.accept(path, "must be a string, is " + JsonKind.of(value));
        }
    }

    static void version(JsonNode value, String path, BiConsumer<String, String> report) {
        if (!value.isString()) {
            report.accept(path, "must be a string, is " + JsonKind.of(value));
            return;
        }
        try {
            SemVer.parse(value.stringValue());
        } catch (ProblemException wrong) {
            report.accept(path, "must be a semantic version: " + wrong.problem().detail());
        }
    }

    static void time(JsonNode value, String path, BiConsumer<String, String> report) {
        if (!value.isString() || !isTime(value.stringValue())) {
            report.accept(path, "must be a time by RFC 3339, such as 2026-01-31T12:00:00Z");
        }
    }

    private static boolean isTime(String text) {
        if (!RFC_3339.matcher(text).matches()) {
            return false;
        }
        try {
            OffsetDateTime.parse(text.toUpperCase(Locale.ROOT));
            return true;
        } catch (DateTimeException noSuchTime) {
            return false;
        }
    }

    static void object(JsonNode value, String path, BiConsumer<String, String> report) {
        if (!value.isObject()) {
            report.accept(path, "must be an object, is " + JsonKind.of(value));
        }
    }

    static void count(JsonNode value, String path, BiConsumer<String, String> report) {
        boolean whole = JsonKind.isFiniteNumber(value)
                && value.decimalValue().stripTrailingZeros().scale() <= 0
                && value.decimalValue().signum() >= 0
                && value.decimalValue().compareTo(LARGEST_COUNT) <= 0;
        if (!whole) {
            report.accept(
                    path,
                    "must be a whole number from 0, is " + (value.isNumber() ? "another number" : JsonKind.of(value)));
        }
    }

    static void metrics(JsonNode value, String path, BiConsumer<String, String> report) {
        object(value, path, report);
        if (value.isObject()) {
            value.forEachEntry((metric, number) -> {
                if (!JsonKind.isFiniteNumber(number)) {
                    report.accept(JsonPath.member(path, metric), "must be a finite number, is " + JsonKind.of(number));
                }
            });
        }
    }

    static void schema(JsonNode value, String path, BiConsumer<String, String> report) {
        try {
            SchemaReader.read(value, path.equals(SchemaSide.INPUT.field()) ? SchemaSide.INPUT : SchemaSide.OUTPUT);
        } catch (ProblemException wrong) {
            report.accept(wrong.problem().field().orElse(path), wrong.problem().detail());
        }
    }

    static void strings(JsonNode value, String path, BiConsumer<String, String> report) {
        if (!value.isArray()) {
            report.accept(path, "must be an array of strings, is " + JsonKind.of(value));
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            string(value.get(i), JsonPath.item(path, i), report);
        }
    }
}
