package io.modelward.client;

import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The tokens that a log-in got, one for each server, in a file that only its user may read. The Python client reads the
 * same file: {@code {"servers": {"https://models.example.org:443": {"token", "subject", "expires_at"}}}}.
 */
public final class KeptTokens {

    private static final String SERVERS = "servers";
    private static final Set<PosixFilePermission> OWN_FILE = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> OWN_FOLDER = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final Path file;

    /** @param expires RFC 3339; empty when nobody said */
    public record Kept(String token, String subject, String expires) {

        /** Without the token. */
        @Override
        public String toString() {
            return "the token of " + subject;
        }
    }

    public KeptTokens(Path file) {
        this.file = file;
    }

    /** The user's file: below {@code XDG_CONFIG_HOME}, else below {@code .config} of the home folder. */
    public static KeptTokens ofUser(Map<String, String> environment) {
        String configured = environment.getOrDefault("XDG_CONFIG_HOME", "");
        String home = environment.getOrDefault("HOME", "");
        // The XDG specification has a relative path passed over.
        Path base = configured.startsWith("/")
                ? Path.of(configured)
                : Path.of(home.isEmpty() ? System.getProperty("user.home", ".") : home, ".config");
        return new KeptTokens(base.resolve("modelward").resolve("credentials"));
    }

    public Path file() {
        return file;
    }

    /**
     * The token for a server.
     *
     * @throws UnsafeFile when others may read the file, or when it is damaged
     */
    public Optional<Kept> find(Origin server) throws IOException {
        JsonNode kept = read().path(SERVERS).path(server.toString());
        String token = kept.path("token").asString("");
        return token.isEmpty()
                ? Optional.empty()
                : Optional.of(new Kept(
                        token,
                        kept.path("subject").asString(""),
                        kept.path("expires_at").asString("")));
    }

    /** Keeps a token in the place of the one that was kept for the server. */
    public void keep(Origin server, Kept kept) throws IOException {
        ObjectNode all = read();
        JsonNode before = all.path(SERVERS);
        ObjectNode servers = before instanceof ObjectNode known ? known : all.putObject(SERVERS);
        ObjectNode entry = servers.putObject(server.toString());
        entry.put("token", kept.token()).put("subject", kept.subject());
        if (!kept.expires().isEmpty()) {
            entry.put("expires_at", kept.expires());
        }
        write(all);
    }

    /** Forgets the token of a server; without one, nothing changes. */
    public void forget(Origin server) throws IOException {
        ObjectNode all = read();
        if (all.path(SERVERS) instanceof ObjectNode servers && servers.has(server.toString())) {
            servers.remove(server.toString());
            write(all);
        }
    }

    private ObjectNode read() throws IOException {
        byte[] bytes;
        try {
            if (isPosix() && Files.getPosixFilePermissions(file).stream().anyMatch(OF_OTHERS::contains)) {
                throw new UnsafeFile(
                        "Others may read or change " + file + ", which has tokens. It is not used. Run: chmod 600 "
                                + file + ", and log in again if somebody else may have read it.");
            }
            bytes = Files.readAllBytes(file);
        } catch (NoSuchFileException none) {
            return Json.object();
        }
        try {
            if (Json.parse(bytes, "credentials") instanceof ObjectNode all) {
                return all;
            }
        } catch (ProblemException damaged) {
            // The parser's words may quote what is in the file.
            throw damaged(file);
        }
        throw damaged(file);
    }

    private static UnsafeFile damaged(Path file) {
        return new UnsafeFile(
                file + " is not a file of tokens as modelward login writes it. Move it away, and log in again.");
    }

    private void write(ObjectNode all) throws IOException {
        Path folder = file.toAbsolutePath().getParent();
        if (folder == null) {
            throw new IOException("There is no folder for " + file);
        }
        if (isPosix()) {
            Path above = folder.getParent();
            if (above != null) {
                Files.createDirectories(above);
            }
            Files.createDirectories(folder, PosixFilePermissions.asFileAttribute(OWN_FOLDER));
            Files.setPosixFilePermissions(folder, OWN_FOLDER);
        } else {
            Files.createDirectories(folder);
        }
        FileAttribute<?>[] own = isPosix()
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(OWN_FILE)}
                : new FileAttribute<?>[0];
        Path fresh = Files.createTempFile(folder, ".credentials-", ".tmp", own);
        try {
            byte[] text = (Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(all) + "\n")
                    .getBytes(StandardCharsets.UTF_8);
            try (FileChannel out = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
                ByteBuffer bytes = ByteBuffer.wrap(text);
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                out.force(true);
            }
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    private static boolean isPosix() {
        return FileSystems.getDefault().supportedFileAttributeViews().contains("posix");
    }
}
