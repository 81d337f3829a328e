package io.modelward.core.manifest;

import io.modelward.core.digest.Digest;
import java.util.Collection;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a version consists of. Its bytes are canonical JSON (RFC 8785),
 * {@code {"card":"sha256:…","files":[{"path":…,"sha256":…,"size":…}]}}, where a file's {@code sha256} is the bare 64
 * digits, as {@code sha256sum} prints them; the SHA-256 of those bytes is the version's identity.
 */
public final class Manifest {

    private final List<FileEntry> files;
    private final Digest card;
    private final byte[] bytes;
    private final Digest digest;

    private Manifest(List<FileEntry> files, Digest card) {
        this.files = files;
        this.card = card;
        this.bytes = ManifestJson.write(files, card);
        this.digest = Digest.of(bytes);
    }

    /**
     * Seals these files, in whatever order; refused under {@code path} when they could not lie side by side in one
     * directory.
     */
    public static Manifest of(Collection<FileEntry> files, Digest cardDigest) {
        return new Manifest(FileTree.check(files), cardDigest);
    }

    /** Of a version whose files are elsewhere: its card alone says what it is. */
    public static Manifest reference(Digest cardDigest) {
        return new Manifest(List.of(), cardDigest);
    }

    /** Reads the bytes of a manifest; any that {@link #bytes} would not have written are refused. */
    public static Manifest parse(byte[] bytes) {
        return ManifestJson.read(bytes);
    }

    /** The files by code point of their path. */
    public List<FileEntry> files() {
        return files;
    }

    /** The digest of the card as sent, in its canonical form. */
    public Digest card() {
        return card;
    }

    public byte[] bytes() {
        return bytes.clone();
    }

    /** The same as a JSON tree. */
    public ObjectNode toJson() {
        return ManifestJson.tree(files, card);
    }

    public Digest digest() {
        return digest;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Manifest that && digest.equals(that.digest);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "Manifest[" + digest.shortForm() + ", " + files.size() + " files]";
    }
}
