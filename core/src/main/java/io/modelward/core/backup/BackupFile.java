package io.modelward.core.backup;

import io.modelward.core.digest.Digest;
import io.modelward.core.problem.ProblemException;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A file that a backup lists.
 *
 * @param sha256 of its bytes; empty when the server could not read the file, so that the backup does not have it
 * @param size in bytes
 * @param path within the folder of backups
 */
public record BackupFile(Optional<Digest> sha256, long size, String path) {

    /** In characters; a longer line of a list is damaged. */
    public static final int LONGEST_LINE = 400;

    private static final Pattern LINE = Pattern.compile("([0-9a-f]{64}|-) ([0-9]{1,18}) (\\S+)");
    private static final String SNAPSHOT = "snapshots/" + BackupManifest.ID + "/";
    private static final Pattern BLOB =
            Pattern.compile("blobs/sha256/([0-9a-f]{2})/([0-9a-f]{2})/(\\1\\2[0-9a-f]{60})");
    private static final Pattern SEGMENT = Pattern.compile("(?:predictions/|" + SNAPSHOT + ")segment-([0-9]{9})");
    private static final Pattern OTHER = Pattern.compile(SNAPSHOT + "(?:catalog\\.sqlite|secret-key)");

    /** The line of the list of files. */
    public String line() {
        return sha256.map(Digest::hex).orElse("-") + " " + size + " " + path;
    }

    /**
     * Reads a line. A path that leads anywhere else than to a part of a backup is refused.
     *
     * @throws ProblemException of kind INVALID
     */
    public static BackupFile parse(String line) {
        var parts = LINE.matcher(line);
        if (!parts.matches() || !isPath(parts.group(3))) {
            throw ProblemException.invalid("files", "A line of the list of files cannot be read.");
        }
        return new BackupFile(
                parts.group(1).equals("-") ? Optional.empty() : Optional.of(Digest.ofHex(parts.group(1))),
                Long.parseLong(parts.group(2)),
                parts.group(3));
    }

    private static boolean isPath(String path) {
        return BLOB.matcher(path).matches()
                || SEGMENT.matcher(path).matches()
                || OTHER.matcher(path).matches();
    }

    /** Where a blob lies, in a backup as in a data directory. */
    public static String blob(Digest digest) {
        String hex = digest.hex();
        return "blobs/sha256/" + hex.substring(0, 2) + "/" + hex.substring(2, 4) + "/" + hex;
    }

    /** The blob that the file holds. */
    public Optional<Digest> blob() {
        var blob = BLOB.matcher(path);
        return blob.matches() ? Optional.of(Digest.ofHex(blob.group(3))) : Optional.empty();
    }

    /** The number of the segment of records that the file holds. */
    public Optional<Integer> segment() {
        var segment = SEGMENT.matcher(path);
        return segment.matches() ? Optional.of(Integer.parseInt(segment.group(1))) : Optional.empty();
    }

    public boolean isCatalog() {
        return path.endsWith("/catalog.sqlite");
    }

    /** The segment of a number, as all backups of a folder share it. */
    public static String sharedSegment(int number) {
        return "predictions/segment-%09d".formatted(number);
    }

    /** Whether all backups of a folder share the segment that the file holds. */
    public boolean isSharedSegment() {
        return segment().filter(number -> path.equals(sharedSegment(number))).isPresent();
    }

    /** The name that the file is sealed under: a segment's is the same whether backups share it or not. */
    public String sealedName() {
        return segment().map(BackupFile::sharedSegment).orElse(path);
    }

    /** Where the file belongs in a data directory. */
    public String restoredPath() {
        String name = path.substring(path.lastIndexOf('/') + 1);
        if (blob().isPresent()) {
            return path;
        }
        return segment().isPresent() ? "predictions/" + name : name;
    }
}
