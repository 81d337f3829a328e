package io.modelward.cli;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import tools.jackson.databind.JsonNode;

/** What the server says, in the form that people read. */
final class Text {

    private static final int SHORT_DIGEST = 19;
    private static final int REPLACEMENT = 0xFFFD;

    private Text() {}

    /** A member as text, or nothing. */
    static String of(JsonNode json, String member) {
        return json.path(member).asString("");
    }

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

    /** A member that is a time: UTC, to the second. */
    static String time(JsonNode json, String member) {
        String text = of(json, member);
        try {
            return text.isEmpty() ? "" : SECONDS.format(Instant.parse(text));
        } catch (DateTimeException unusual) {
            return text;
        }
    }

    /** A member that is an actor; a name that nobody checked is shown as such. */
    static String who(JsonNode json, String member) {
        JsonNode who = json.path(member);
        String actor = of(who, "actor");
        return actor.isEmpty() || who.path("verified").asBoolean(false) ? actor : actor + " (unverified)";
    }

    /** The first digits of a digest, enough to recognise it. */
    static String shortDigest(JsonNode json, String member) {
        String digest = of(json, member);
        return digest.length() > SHORT_DIGEST ? digest.substring(0, SHORT_DIGEST) : digest;
    }

    /** A text as people read it: harmless, and with odds where the server writes powers of e. */
    static String shown(String text) {
        return harmless(Odds.inWords(text));
    }

    /** A text that others wrote, on one line and without what could take over a terminal. */
    static String harmless(String text) {
        StringBuilder shown = new StringBuilder(text.length());
        text.codePoints()
                .map(c -> c == '\n' || c == '\t' || c == '\r' ? ' ' : c)
                .map(c -> switch (Character.getType(c)) {
                    case Character.CONTROL,
                            Character.FORMAT,
                            Character.SURROGATE,
                            Character.LINE_SEPARATOR,
                            Character.PARAGRAPH_SEPARATOR -> REPLACEMENT;
                    default -> c;
                })
                .forEach(shown::appendCodePoint);
        return shown.toString();
    }

    static String plural(long count, String one) {
        return String.format(Locale.ROOT, "%,d", count) + " " + (count == 1 ? one : one + "s");
    }
}
