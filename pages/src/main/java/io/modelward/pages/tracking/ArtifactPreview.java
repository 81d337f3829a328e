package io.modelward.pages.tracking;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * How a file is shown on a page.
 *
 * @param text of a text or of indented JSON
 * @param rows of a table, its head first
 * @param cut whether the file has more than is shown
 */
public record ArtifactPreview(Kind kind, String text, List<List<String>> rows, boolean cut) {

    private static final int MOST_INDENTED = 4 << 20;
    private static final Pattern MARKUP = Pattern.compile(
            "\\A\\uFEFF?\\s*<(\\?xml|!doctype|!--|html|svg|body|head|script)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBER =
            Pattern.compile("[+-]?([0-9]++(\\.[0-9]*+)?|\\.[0-9]++)([eE][+-]?[0-9]++)?|(?i:nan)");
    private static final Pattern MARKUP_NAME = Pattern.compile("(?i).*\\.(svgz?|x?html?|xml|mhtml|xsl|xslt)");

    /** Of each column of the table, whether it has numbers only, which stand to the right. */
    public List<Boolean> numbers() {
        int columns = rows.stream().mapToInt(List::size).max().orElse(0);
        return IntStream.range(0, columns).mapToObj(this::numbers).toList();
    }

    private boolean numbers(int column) {
        List<String> values = rows.stream()
                .skip(1)
                .filter(row -> column < row.size())
                .map(row -> row.get(column).strip())
                .filter(value -> !value.isEmpty())
                .limit(50)
                .toList();
        return !values.isEmpty() && values.stream().allMatch(NUMBER.asMatchPredicate());
    }

    /** What a preview is. */
    public enum Kind {
        IMAGE,
        TEXT,
        JSON,
        TABLE,
        EMPTY,
        /** Pictures and pages that could run: the browser only keeps them. */
        MARKUP,
        /** Bytes that are no text. */
        BYTES
    }

    /**
     * Decides by name and bytes.
     *
     * @param first the first bytes of the file, or all of them
     */
    static ArtifactPreview of(String name, long size, byte[] first) {
        boolean cut = first.length < size;
        if (size == 0) {
            return bare(Kind.EMPTY);
        }
        if (ImageType.of(first).isPresent()) {
            return bare(Kind.IMAGE);
        }
        Optional<String> decoded = text(first, cut);
        if (decoded.isEmpty()) {
            return bare(Kind.BYTES);
        }
        String text = decoded.get();
        if (MARKUP_NAME.matcher(name).matches() || MARKUP.matcher(text).find()) {
            return bare(Kind.MARKUP);
        }
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (ending.equals("csv") || ending.equals("tsv")) {
            DelimitedText table = DelimitedText.parse(text, ending.equals("csv") ? ',' : '\t', cut);
            return new ArtifactPreview(Kind.TABLE, "", table.rows(), cut || table.cut());
        }
        if (ending.equals("json") && !cut) {
            Optional<String> indented = indented(text);
            if (indented.isPresent()) {
                return new ArtifactPreview(Kind.JSON, indented.get(), List.of(), false);
            }
        }
        return new ArtifactPreview(Kind.TEXT, text, List.of(), cut);
    }

    private static ArtifactPreview bare(Kind kind) {
        return new ArtifactPreview(kind, "", List.of(), false);
    }

    /** The text, when the bytes are UTF-8 without characters that no text has. */
    private static Optional<String> text(byte[] bytes, boolean cut) {
        CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPORT)
                .onUnmappableCharacter(CodingErrorAction.REPORT);
        CharBuffer out = CharBuffer.allocate(bytes.length);
        CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), out, !cut);
        if (result.isError()) {
            return Optional.empty();
        }
        String text = out.flip().toString();
        boolean odd =
                text.chars().anyMatch(c -> c < ' ' && c != '\n' && c != '\r' && c != '\t' && c != '\f' && c != 27);
        return odd ? Optional.empty() : Optional.of(text);
    }

    /** JSON with one member or item a line. Numbers and names stay as they were written. */
    static Optional<String> indented(String text) {
        try {
            Json.parse(text, "file");
        } catch (ProblemException noJson) {
            return Optional.empty();
        }
        StringBuilder out = new StringBuilder(text.length() * 2);
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> {
                    int end = endOfText(text, i);
                    out.append(text, i, end);
                    i = end - 1;
                }
                case '{', '[' -> {
                    int close = afterSpace(text, i + 1);
                    if (text.charAt(close) == '}' || text.charAt(close) == ']') {
                        out.append(c).append(text.charAt(close));
                        i = close;
                    } else {
                        line(out.append(c), ++depth);
                    }
                }
                case '}', ']' -> line(out, --depth).append(c);
                case ',' -> line(out.append(c), depth);
                case ':' -> out.append(": ");
                case ' ', '\t', '\r', '\n' -> {}
                default -> out.append(c);
            }
            if (out.length() > MOST_INDENTED) {
                return Optional.empty();
            }
        }
        return Optional.of(out.toString());
    }

    private static StringBuilder line(StringBuilder out, int depth) {
        return out.append('\n').repeat("  ", depth);
    }

    private static int afterSpace(String text, int from) {
        int at = from;
        while (Character.isWhitespace(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int endOfText(String text, int quote) {
        int at = quote + 1;
        while (text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return at + 1;
    }
}
