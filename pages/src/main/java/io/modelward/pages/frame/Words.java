package io.modelward.pages.frame;

import io.modelward.core.version.ModelName;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** Values in the words of pages. Numbers have their units, and a point before decimals. */
public final class Words {

    private static final DateTimeFormatter EXACT = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final String[] BYTES = {"B", "KiB", "MiB", "GiB", "TiB", "PiB"};

    private Words() {}

    /** When it was, to the second. */
    public static String exactly(Instant at) {
        return EXACT.format(at);
    }

    /** How long ago it was, or how far it lies ahead. */
    public static String ago(Instant now, Instant at) {
        Duration since = Duration.between(at, now);
        if (since.isNegative()) {
            return "in " + length(since.negated());
        }
        return since.toSeconds() < 5 ? "just now" : length(since) + " ago";
    }

    /** A length of time in its largest unit. */
    public static String length(Duration time) {
        long seconds = time.toSeconds();
        if (seconds < 60) {
            return counted(seconds, "second");
        }
        if (seconds < 3600) {
            return counted(seconds / 60, "minute");
        }
        if (seconds < 86_400) {
            return counted(seconds / 3600, "hour");
        }
        long days = seconds / 86_400;
        if (days < 60) {
            return counted(days, "day");
        }
        return days < 730 ? counted(days / 30, "month") : counted(days / 365, "year");
    }

    /** {@code 1 version}, {@code 20,000 versions}. */
    public static String counted(long count, String thing) {
        return count(count) + " " + thing + (count == 1 ? "" : "s");
    }

    /** A whole number with commas between thousands. */
    public static String count(long count) {
        return String.format(Locale.ROOT, "%,d", count);
    }

    /** Bytes in the largest binary unit that leaves at least 1. */
    public static String bytes(long bytes) {
        double left = bytes;
        int unit = 0;
        while (left >= 1024 && unit < BYTES.length - 1) {
            left /= 1024;
            unit++;
        }
        return unit == 0 ? bytes + " B" : String.format(Locale.ROOT, "%.1f %s", left, BYTES[unit]);
    }

    /** Milliseconds with three digits that count. */
    public static String millis(double millis) {
        return short3(millis) + " ms";
    }

    /** A number with three digits that count, for what is measured again and again. */
    public static String short3(double value) {
        double size = Math.abs(value);
        if (Double.isNaN(value) || Double.isInfinite(value) || size >= 1000 || value == 0) {
            return number(Double.isFinite(value) ? Math.rint(value) : value);
        }
        int whole = (int) Math.floor(Math.log10(size)) + 1;
        return trimmed("%." + Math.max(0, Math.min(6, 3 - whole)) + "f", value);
    }

    /** A share of 1 as per cent. */
    public static String percent(double share) {
        double percent = share * 100;
        if (percent == 0) {
            return "0 %";
        }
        return (percent < 0.01 ? "< 0.01" : percent < 10 ? trimmed("%.2f", percent) : trimmed("%.1f", percent)) + " %";
    }

    /** A number as people read it: at most six digits that count. */
    public static String number(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "NaN" : value > 0 ? "∞" : "−∞";
        }
        double size = Math.abs(value);
        if (value == Math.rint(value) && size < 1e15) {
            return count((long) value);
        }
        if (size >= 1e6 || size < 1e-4) {
            return String.format(Locale.ROOT, "%.4g", value);
        }
        String text = trimmed(size >= 100 ? "%.1f" : size >= 1 ? "%.3f" : "%.5f", value);
        // What is not whole is not told as if it were: 0.9999999 is not 1.
        return text.contains(".") ? text : Double.toString(value);
    }

    private static String trimmed(String format, double value) {
        String text = String.format(Locale.ROOT, format, value);
        return text.contains(".") ? text.replaceAll("0+$", "").replaceAll("\\.$", "") : text;
    }

    /** The first digits of a digest. */
    public static String brief(String digest) {
        int colon = digest.indexOf(':');
        int end = Math.min(digest.length(), colon + 1 + 12);
        return digest.substring(colon + 1, end);
    }

    /** A name as one segment of an address. */
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** A path of a file within an address, whose slashes stay. */
    public static String path(String file) {
        return segment(file).replace("%2F", "/");
    }

    /** A value within a query. */
    public static String query(String value) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    /** The page of a model. */
    public static String link(ModelName model) {
        return "/ui/models/" + segment(model.namespace()) + "/" + segment(model.name());
    }

    /** The page of a version. */
    public static String link(ModelName model, String version) {
        return link(model) + "/versions/" + segment(version);
    }

    /** The page of an endpoint. */
    public static String endpointLink(String endpoint) {
        return "/ui/endpoints/" + segment(endpoint);
    }

    /** The page of a rollout. */
    public static String rolloutLink(String rollout) {
        return "/ui/rollouts/" + segment(rollout);
    }

    /** The model's address in the API. */
    public static String source(ModelName model) {
        return "/api/v1/models/" + segment(model.namespace()) + "/" + segment(model.name());
    }

    /** A model as people write it: without the namespace {@code default}. */
    public static String brief(ModelName model) {
        return model.namespace().equals("default") ? model.name() : model.toString();
    }
}
