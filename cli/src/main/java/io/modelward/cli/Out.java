package io.modelward.cli;

import io.modelward.core.json.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;

/** Where a command writes: one JSON document for a script, or lines for people. */
final class Out {

    private static final String INDENT = "  ";

    private final PrintWriter out;
    private final PrintWriter err;
    private final Ansi ansi;
    private final boolean json;

    /** @param json whether a script reads; then nothing but {@link #json(JsonNode)} is written to {@code out} */
    Out(PrintWriter out, PrintWriter err, Ansi ansi, boolean json) {
        this.out = out;
        this.err = err;
        this.ansi = ansi;
        this.json = json;
    }

    boolean isJson() {
        return json;
    }

    /** Writes the one document, when a script reads. */
    void json(JsonNode document) {
        if (json) {
            ObjectWriter writer = Json.MAPPER.writerWithDefaultPrettyPrinter();
            // Characters that the output's encoding lacks would come out as question marks.
            boolean everyCharacter = System.out.charset().equals(StandardCharsets.UTF_8);
            out.println((everyCharacter ? writer : writer.with(JsonWriteFeature.ESCAPE_NON_ASCII))
                    .writeValueAsString(document));
        }
    }

    /** A document as the server wrote it, whoever reads. */
    void raw(String document) {
        out.println(document.stripTrailing());
    }

    void line(String text) {
        if (!json) {
            out.println(Text.harmless(text));
        }
    }

    void blank() {
        line("");
    }

    void title(String text) {
        styled(text, Style.bold);
    }

    void good(String text) {
        styled(text, Style.fg_green);
    }

    void bad(String text) {
        styled(text, Style.fg_red);
    }

    void warn(String text) {
        styled(text, Style.fg_yellow);
    }

    private void styled(String text, Style style) {
        if (!json) {
            out.println(paint(Text.harmless(text), style));
        }
    }

    private String paint(String text, IStyle style) {
        return ansi.enabled() ? style.on() + text + Style.reset.on() : text;
    }

    /** Name and value below a title; nothing when there is no value. */
    void field(String name, String value) {
        if (!value.isBlank()) {
            line(INDENT + name + " ".repeat(Math.max(1, 16 - name.length())) + value);
        }
    }

    void table(Table table) {
        table("", table);
    }

    /** A table below a title. */
    void indented(Table table) {
        table(INDENT, table);
    }

    private void table(String indent, Table table) {
        if (!json) {
            var lines = table.lines();
            out.println(indent + paint(lines.getFirst(), Style.bold));
            lines.stream().skip(1).forEach(line -> out.println(indent + line));
        }
    }

    /** Something on the side, for people also when a script reads. */
    void note(String text) {
        err.println(Text.harmless(text));
        err.flush();
    }

    PrintWriter err() {
        return err;
    }

    /** Where a picture is drawn that is drawn again. */
    PrintWriter screen() {
        return out;
    }

    void flush() {
        out.flush();
        err.flush();
    }
}
