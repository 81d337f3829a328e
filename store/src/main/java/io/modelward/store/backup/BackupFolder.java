package io.modelward.store.backup;

import io.modelward.core.backup.BackupFile;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.store.blob.Sha256;
import io.modelward.store.disk.Disk;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;

/**
 * A folder with the backups of one registry. They share blobs and full segments, so that each takes only the room of
 * what is new.
 *
 * <pre>
 *   backup.json                     format, name of the registry, release
 *   lock                            held by the server that makes a backup
 *   blobs/sha256/ab/cd/&lt;hex&gt;        content, as in a data directory
 *   predictions/segment-N           segments that take no more records
 *   snapshots/ID/manifest.json      what the backup holds
 *   snapshots/ID/files              every file of it, with SHA-256 and size
 *   snapshots/ID/catalog.sqlite, secret-key, segment-N
 *   incoming/                       what is not whole; removed by the next backup
 * </pre>
 */
public final class BackupFolder {

    static final String HEADER = "backup.json";
    static final String MANIFEST = "manifest.json";
    static final String LIST = "files";
    private static final int LARGEST_DOCUMENT = 1 << 20;

    private final Disk disk;
    private final Path root;
    private final String registry;

    private BackupFolder(Disk disk, Path root, String registry) {
        this.disk = disk;
        this.root = root;
        this.registry = registry;
    }

    /** Takes the files of a list, one by one. */
    @FunctionalInterface
    public interface EachFile {
        void file(BackupFile file) throws IOException;
    }

    /**
     * Opens a folder that has backups, and changes nothing in it.
     *
     * @throws ProblemException of kind REFUSED when it holds none, or those of a newer release
     */
    public static BackupFolder open(Disk disk, Path root) throws IOException {
        Path header = root.resolve(HEADER);
        if (!Files.isRegularFile(header)) {
            throw ProblemException.refused("directory", "This is no folder of backups: it has no file backup.json.");
        }
        JsonNode json;
        try {
            json = Json.parse(document(header), HEADER);
            BackupManifest.requireKnown(json);
        } catch (ProblemException unreadable) {
            throw unreadable.problem().type() == io.modelward.core.problem.ProblemType.REFUSED
                    ? unreadable
                    : ProblemException.refused("directory", "The file backup.json of the folder is damaged.");
        }
        return new BackupFolder(disk, root, json.path("registry").asString(""));
    }

    static byte[] document(Path file) throws IOException {
        if (Files.size(file) > LARGEST_DOCUMENT) {
            throw ProblemException.invalid(String.valueOf(file.getFileName()), "The file is too large to be read.");
        }
        return Files.readAllBytes(file);
    }

    /** The name of the registry whose backups these are. */
    public String registry() {
        return registry;
    }

    public Path root() {
        return root;
    }

    Disk disk() {
        return disk;
    }

    /** The names of the backups, oldest first. */
    public List<String> ids() throws IOException {
        Path snapshots = root.resolve("snapshots");
        if (!Files.isDirectory(snapshots)) {
            return List.of();
        }
        try (Stream<Path> all = Files.list(snapshots)) {
            return all.filter(Files::isDirectory)
                    .map(path -> path.getFileName().toString())
                    .filter(name -> name.matches(BackupManifest.ID))
                    .sorted(java.util.Comparator.comparing((String id) -> id.substring(0, 16))
                            .thenComparingInt(BackupFolder::turn))
                    .toList();
        }
    }

    private static int turn(String id) {
        return id.length() > 17 ? Integer.parseInt(id.substring(17)) : 1;
    }

    /**
     * The name of the backup that is asked for.
     *
     * @throws ProblemException of kind NOT_FOUND when there is none
     */
    public String find(Optional<String> id) throws IOException {
        List<String> there = ids();
        if (there.isEmpty()) {
            throw ProblemException.notFound("The folder has no backup yet.");
        }
        if (id.isEmpty()) {
            return there.getLast();
        }
        if (!there.contains(id.get())) {
            throw ProblemException.notFound(
                    "The folder has no backup of that name. modelward backup list shows those that" + " are there.");
        }
        return id.get();
    }

    /**
     * What a backup holds.
     *
     * @throws ProblemException when the manifest is damaged, is of another backup or registry, or of a newer release
     */
    public BackupManifest manifest(String id) throws IOException {
        BackupManifest manifest;
        try {
            manifest = BackupManifest.read(document(snapshot(id).resolve(MANIFEST)));
        } catch (NoSuchFileException missing) {
            throw ProblemException.invalid("manifest", "The manifest is missing.");
        }
        if (!manifest.id().equals(id) || !manifest.registry().equals(registry)) {
            throw ProblemException.invalid("manifest", "The manifest is of another backup.");
        }
        return manifest;
    }

    /**
     * Reads the list of files of a backup, and at its end holds it to the manifest.
     *
     * @throws ProblemException of kind INVALID when the list is damaged; files may have been told before
     */
    public void files(BackupManifest manifest, EachFile each) throws IOException {
        Path list = snapshot(manifest.id()).resolve(LIST);
        MessageDigest sha256 = Sha256.start();
        long count = 0;
        try (var bytes = new DigestInputStream(Files.newInputStream(list), sha256);
                BufferedReader lines = new BufferedReader(new InputStreamReader(bytes, StandardCharsets.ISO_8859_1))) {
            for (Optional<String> line = line(lines); line.isPresent(); line = line(lines)) {
                each.file(BackupFile.parse(line.get()));
                count++;
            }
        } catch (NoSuchFileException missing) {
            if (String.valueOf(list).equals(missing.getFile())) {
                throw ProblemException.invalid("files", "The list of files is missing.");
            }
            throw missing;
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        if (count != manifest.files() || !Digest.ofBytes(sha256.digest()).equals(manifest.list())) {
            throw ProblemException.invalid("files", "The list of files is not the one that the manifest knows.");
        }
    }

    /** Bounded, since a damaged list may have no end of line. */
    private static Optional<String> line(BufferedReader lines) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = lines.read(); c >= 0; c = lines.read()) {
            if (c == '\n') {
                return Optional.of(line.toString());
            }
            line.append((char) c);
            if (line.length() > BackupFile.LONGEST_LINE) {
                break;
            }
        }
        if (line.isEmpty()) {
            return Optional.empty();
        }
        throw ProblemException.invalid("files", "The list of files ends within a line.");
    }

    Path snapshot(String id) {
        return root.resolve("snapshots").resolve(id);
    }

    /** Where a file of a backup lies. */
    public Path resolve(BackupFile file) {
        return root.resolve(file.path());
    }

    /** Removes a folder and all that is in it, without following links. */
    public static void remove(Path folder) throws IOException {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try (Stream<Path> all = Files.walk(folder)) {
            for (Path path : all.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(path);
            }
        }
    }
}
