package io.modelward.store.backup;

import io.modelward.core.backup.BackupKey;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The file backup.json of a folder: whose backups these are, and whether they are encrypted.
 *
 * @param registry the name of the registry
 * @param sealing how to tell the key; empty when the backups are not encrypted
 */
record BackupHeader(String registry, Optional<Sealing> sealing) {

    static final String NAME = "backup.json";
    private static final String CIPHER = "AES-256-GCM";
    private static final int SALT = 32;

    /** What only the key makes of the salt and the name of the registry. */
    record Sealing(byte[] salt, byte[] check) {}

    /** The header of a new folder. */
    static ObjectNode write(String registry, String release, Optional<BackupKey> key) {
        ObjectNode json = Json.object()
                .put("format", key.isPresent() ? BackupManifest.SEALED_FORMAT : BackupManifest.FORMAT)
                .put("registry", registry)
                .put("release", release);
        key.ifPresent(given -> {
            byte[] salt = new byte[SALT];
            new SecureRandom().nextBytes(salt);
            json.putObject("encryption")
                    .put("cipher", CIPHER)
                    .put("salt", Base64.getEncoder().encodeToString(salt))
                    .put("key_check", Base64.getEncoder().encodeToString(SealedCoding.check(given, salt, registry)));
        });
        return json;
    }

    /** @throws ProblemException of kind REFUSED when there is none, or one of a newer release, or a damaged one */
    static BackupHeader read(Path root) throws IOException {
        Path file = root.resolve(NAME);
        if (!Files.isRegularFile(file)) {
            throw ProblemException.refused("directory", "This is no folder of backups: it has no file backup.json.");
        }
        try {
            JsonNode json = Json.parse(new String(BackupFolder.document(file), StandardCharsets.UTF_8), NAME);
            BackupManifest.requireKnown(json);
            return new BackupHeader(json.path("registry").asString(""), sealing(json));
        } catch (ProblemException unreadable) {
            throw unreadable.problem().type() == ProblemType.REFUSED ? unreadable : damaged();
        }
    }

    private static Optional<Sealing> sealing(JsonNode json) {
        JsonNode encryption = json.path("encryption");
        boolean encrypted = json.path("format").asInt(0) == BackupManifest.SEALED_FORMAT;
        if (encrypted != encryption.isObject()) {
            throw damaged();
        }
        if (!encrypted) {
            return Optional.empty();
        }
        if (!encryption.path("cipher").asString("").equals(CIPHER)) {
            throw damaged();
        }
        try {
            return Optional.of(new Sealing(
                    Base64.getDecoder().decode(encryption.path("salt").asString("")),
                    Base64.getDecoder().decode(encryption.path("key_check").asString(""))));
        } catch (IllegalArgumentException noBase64) {
            throw damaged();
        }
    }

    private static ProblemException damaged() {
        return ProblemException.refused("directory", "The file backup.json of the folder is damaged.");
    }

    /**
     * How files are read and written with this key.
     *
     * @throws ProblemException of kind REFUSED when the key is not that of the folder, or one is missing or too many
     */
    BackupCoding coding(Optional<BackupKey> key) {
        if (sealing.isEmpty() && key.isPresent()) {
            throw ProblemException.refused(
                    "key_file",
                    "The backups of the folder are not encrypted, and a key is given. Name a folder of its own for"
                            + " encrypted backups, or leave the key out.");
        }
        if (sealing.isEmpty()) {
            return BackupCoding.PLAIN;
        }
        BackupKey given = key.orElseThrow(() -> ProblemException.refused(
                "key_file",
                "The backups of the folder are encrypted. Name the file of their key: --key KEYFILE to look into the"
                        + " folder, --encrypt-with KEYFILE for another backup."));
        byte[] check = SealedCoding.check(given, sealing.get().salt(), registry);
        if (!MessageDigest.isEqual(check, sealing.get().check())) {
            throw ProblemException.refused(
                    "key_file",
                    "The key is not the one that the backups of the folder are encrypted with, or the file backup.json"
                            + " was changed.");
        }
        return new SealedCoding(given);
    }
}
