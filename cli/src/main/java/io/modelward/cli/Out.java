package io.modelward.cli;

import io.modelward.core.json.Json;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Ansi.IStyle;
import picocli.CommandLine.Help.Ansi.Style;
import tools.jackson.core.json.JsonWriteFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectWriter;

/** Where a command writes: one JSON document for a script, or lines for people. */
final class Out {

    private static final String INDENT = "  ";
    private static final int NAME = 16;

    private final PrintWriter out;
    private final PrintWriter err;
    private final Ansi ansi;
    private final boolean json;
    private final Screen screen;

    /**
     * @param json whether a script reads; then nothing but {@link #json(JsonNode)} is written to {@code out}
     * @param screen how wide lines may be
     */
    Out(PrintWriter out, PrintWriter err, Ansi ansi, boolean json, Screen screen) {
        this.out = out;
        this.err = err;
        this.ansi = ansi;
        this.json = json;
        this.screen = screen;
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

    /** A sentence: lines of whole words, as far in as the first. */
    void line(String text) {
        styled(text, Style.reset);
    }

    /** What a program may read: one line, however wide. */
    void data(String text) {
        if (!json) {
            out.println(Text.harmless(text));
        }
    }

    void blank() {
        data("");
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

    private void styled(String text, IStyle style) {
        if (!json) {
            String shown = Text.shown(text);
            String words = shown.stripLeading();
            String indent = shown.substring(0, shown.length() - words.length());
            String more = indent + (words.startsWith("- ") ? INDENT : "");
            String start = indent;
            for (String line : Cells.wrap(words, screen.room(more.length()))) {
                out.println(paint(start + line, style));
                start = more;
            }
        }
    }

    private String paint(String text, IStyle style) {
        return ansi.enabled() && style != Style.reset ? style.on() + text + Style.reset.on() : text;
    }

    /** Name and value below a title; nothing when there is no value. */
    void field(String name, String value) {
        if (!json) {
            field(name, value, screen).forEach(out::println);
        }
    }

    /** A field's lines. A value of one word that fits on a line of its own, such as a digest, gets one. */
    static List<String> field(String name, String value, Screen screen) {
        if (value.isBlank()) {
            return List.of();
        }
        String start = INDENT + name + " ".repeat(Math.max(1, NAME - name.length()));
        String indent = INDENT + " ".repeat(NAME);
        List<String> parts = Cells.wrap(Text.shown(value), screen.room(start.length()));
        List<String> lines = new ArrayList<>();
        if (parts.size() == 1 && Cells.width(parts.getFirst()) > screen.room(start.length())) {
            return List.of(start.stripTrailing(), INDENT + INDENT + parts.getFirst());
        }
        for (String part : parts) {
            lines.add(start + part);
            start = indent;
        }
        return lines;
    }

    /** Something that went wrong with what the fields before tell. */
    void warning(String text) {
        if (!json) {
            field("warning", text, screen).forEach(line -> out.println(paint(line, Style.fg_yellow)));
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
            OptionalInt columns = screen.columns();
            Table.Laid laid = table.fit(
                    columns.isEmpty() ? columns : OptionalInt.of(Math.max(1, columns.getAsInt() - indent.length())));
            List<String> lines = laid.lines();
            out.println(indent + (laid.hasHeader() ? paint(lines.getFirst(), Style.bold) : lines.getFirst()));
            lines.stream().skip(1).forEach(line -> out.println((indent + line).stripTrailing()));
            laid.notes().forEach(this::hint);
        }
    }

    Screen width() {
        return screen;
    }

    /** Something about what was shown, for people only: on the side, so that a program that reads a table reads rows. */
    void hint(String text) {
        if (!json) {
            out.flush();
            Cells.wrap(Text.harmless(text), screen.room(0)).forEach(err::println);
            err.flush();
        }
    }

    /** Something on the side, for people also when a script reads. */
    void note(String text) {
        Cells.wrap(Text.shown(text), screen.room(0)).forEach(err::println);
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
