package io.modelward.server.mlflow;

import io.modelward.server.http.FileReply;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.jetty.http.MimeTypes;

/** Files as MLflow's clients and browsers get them: to be kept, never to be shown as a page of this server. */
final class Attachment {

    /** What MLflow answers as plain text, whatever its type is elsewhere. */
    private static final Set<String> TEXTS = Set.of(
            "txt",
            "log",
            "err",
            "cfg",
            "conf",
            "cnf",
            "cf",
            "ini",
            "properties",
            "prop",
            "hocon",
            "toml",
            "yaml",
            "yml",
            "xml",
            "json",
            "js",
            "py",
            "py3",
            "csv",
            "tsv",
            "md",
            "rst",
            "mlmodel",
            "mlproject");
    /** Types that MLflow has and Jetty does not. */
    private static final Map<String, String> MORE = Map.of("ipynb", "application/x-ipynb+json");

    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]+");
    private static final DateTimeFormatter HTTP_DATE = DateTimeFormatter.ofPattern(
                    "EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);

    private Attachment() {}

    /** The file under its name, with all that keeps a browser from running it. */
    static FileReply of(FileReply file, String name, Instant modified) {
        return file.with("Content-Type", type(name))
                .with("Content-Disposition", disposition(name))
                .with("X-Content-Type-Options", "nosniff")
                .with("Content-Security-Policy", "sandbox; default-src 'none'")
                .with("Last-Modified", HTTP_DATE.format(modified));
    }

    /**
     * The type that the name's ending has: plain text for what MLflow answers as text, else the one that Jetty knows,
     * else bytes.
     */
    static String type(String name) {
        String ending = name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
        if (TEXTS.contains(ending)) {
            return "text/plain";
        }
        String known = MimeTypes.DEFAULTS.getMimeForExtension(ending);
        return known == null ? MORE.getOrDefault(ending, "application/octet-stream") : known;
    }

    private static String disposition(String name) {
        if (name.chars().allMatch(c -> c < 128)) {
            return "attachment; filename=" + quoted(name);
        }
        String encoded = URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A");
        return "attachment; filename=" + quoted(plain(name)) + "; filename*=UTF-8''" + encoded;
    }

    /** A token of RFC 9110 as it is, all else between quotes. */
    private static String quoted(String name) {
        return TOKEN.matcher(name).matches()
                ? name
                : "\"" + name.replace("\\", "\\\\").replace("\"", "\\\"") + "\"";
    }

    /** What is left of a name without accents and letters that ASCII lacks. */
    private static String plain(String name) {
        String left = Normalizer.normalize(name, Normalizer.Form.NFKD).replaceAll("[^\\x20-\\x7e]", "");
        return left.isEmpty() ? "download" : left;
    }
}
