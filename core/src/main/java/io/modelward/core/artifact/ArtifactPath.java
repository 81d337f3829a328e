package io.modelward.core.artifact;

import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Where an artifact lies below the artifact root, in one writing only: slashes in a row are one, none is at the end,
 * and text is in Unicode's composed form. What could lead out of the root is refused, also when it comes out only after
 * decoding again: a reader further on may do that.
 *
 * @param value as {@link FilePath} has it; empty: the root itself
 */
public record ArtifactPath(String value) {

    public static final ArtifactPath ROOT = new ArtifactPath("");

    /** How clients name what is kept here. */
    private static final String SCHEME = "mlflow-artifacts:/";

    private static final int DECODINGS = 5;
    private static final Pattern SLASHES = Pattern.compile("/{2,}");
    private static final Pattern URI = Pattern.compile("[A-Za-z][A-Za-z0-9+.\\-]*:(/.*)?", Pattern.DOTALL);

    /**
     * Reads a path as it comes out of an address, decoded once.
     *
     * @throws ProblemException of kind INVALID, about {@code path}
     */
    public static ArtifactPath parse(String text) {
        String plain = plain(text);
        String decoded = text;
        for (int i = 0; i < DECODINGS; i++) {
            String again = decode(decoded);
            if (again.equals(decoded)) {
                return new ArtifactPath(plain);
            }
            decoded = again;
            plain(decoded);
        }
        throw wrong("A path is percent-encoded once.");
    }

    /** As {@link #parse}, where nothing or a lone slash stands for the root. */
    public static ArtifactPath parseDirectory(String text) {
        return text.isEmpty() || text.equals("/") ? ROOT : parse(text);
    }

    /** Where the files of a run or model are; empty when they are not with this server. */
    public static Optional<ArtifactPath> ofUri(String uri) {
        if (!uri.startsWith(SCHEME)) {
            return Optional.empty();
        }
        String path = uri.substring(SCHEME.length());
        while (path.startsWith("/")) {
            path = path.substring(1);
        }
        // As clients do, who put the location into an address.
        return Optional.of(parseDirectory(decode(path)));
    }

    /** This path below that folder. */
    public ArtifactPath within(ArtifactPath folder) {
        if (value.isEmpty() || folder.value.isEmpty()) {
            return value.isEmpty() ? folder : this;
        }
        return new ArtifactPath(new FilePath(folder.value + "/" + value).value());
    }

    /** The last segment. */
    public String name() {
        return value.substring(value.lastIndexOf('/') + 1);
    }

    private static String plain(String text) {
        String collapsed = SLASHES.matcher(text).replaceAll("/");
        if (collapsed.length() > 1 && collapsed.endsWith("/")) {
            collapsed = collapsed.substring(0, collapsed.length() - 1);
        }
        if (URI.matcher(collapsed).matches()) {
            throw wrong("A path does not begin with a scheme or a drive letter.");
        }
        return new FilePath(Normalizer.normalize(collapsed, Normalizer.Form.NFC)).value();
    }

    /** Percent signs that encode nothing stand for themselves. */
    private static String decode(String text) {
        byte[] raw = text.getBytes(StandardCharsets.UTF_8);
        byte[] bytes = new byte[raw.length];
        int length = 0;
        for (int i = 0; i < raw.length; i++) {
            boolean room = raw[i] == '%' && i + 2 < raw.length;
            int high = room ? Character.digit(raw[i + 1], 16) : -1;
            int low = room ? Character.digit(raw[i + 2], 16) : -1;
            if (high >= 0 && low >= 0) {
                bytes[length++] = (byte) (high << 4 | low);
                i += 2;
            } else {
                bytes[length++] = raw[i];
            }
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private static ProblemException wrong(String detail) {
        return ProblemException.invalid("path", detail);
    }

    @Override
    public String toString() {
        return value;
    }
}
