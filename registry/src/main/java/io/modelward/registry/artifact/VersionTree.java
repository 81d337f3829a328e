package io.modelward.registry.artifact;

import io.modelward.core.artifact.Artifact;
import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.digest.Digest;
import io.modelward.core.format.ModelFormats;
import io.modelward.core.format.NativeMlModel;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.mlflow.MlModel;
import io.modelward.core.published.PublishedVersion;
import io.modelward.registry.version.VersionFiles;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Versions that were uploaded for themselves, as folders of artifacts. Beside the files of a version a folder has the
 * files that MLflow needs to load the version. These are made when somebody asks for them, and are not in the version's
 * digest.
 */
final class VersionTree {

    private static final String LOADER_PATH = NativeMlModel.CODE + "/" + NativeMlModel.LOADER + ".py";
    private static final byte[] LOADER = resource("/mlflow/" + NativeMlModel.LOADER + ".py");

    private final Catalog catalog;
    private final ModelFormats formats;

    /** @param formats say how MLflow's clients load a version */
    VersionTree(Catalog catalog, ModelFormats formats) {
        this.catalog = catalog;
        this.formats = formats;
    }

    /** Whether the path lies among the versions' folders, where nobody writes. */
    static boolean covers(ArtifactPath path) {
        return path.value().equals(VersionFiles.FOLDER) || path.value().startsWith(VersionFiles.FOLDER + "/");
    }

    Optional<Artifact> find(ArtifactPath path) {
        return version(path).flatMap(version -> VersionFiles.within(path).flatMap(name -> file(version, path, name)));
    }

    private Optional<Artifact> file(PublishedVersion version, ArtifactPath path, String name) {
        byte[] made = made(version).get(name);
        if (made != null) {
            return Optional.of(new Artifact(
                    path,
                    made.length,
                    Digest.of(made),
                    version.summary().published().at()));
        }
        return files(version).stream()
                .filter(file -> file.path().value().equals(name))
                .map(file -> new Artifact(
                        path,
                        file.size(),
                        file.sha256(),
                        version.summary().published().at()))
                .findFirst();
    }

    /** The bytes of a file that is made; empty when it is one of the version's own. */
    Optional<byte[]> made(Artifact artifact) {
        ArtifactPath path = artifact.path();
        return version(path)
                .flatMap(version -> VersionFiles.within(path)
                        .flatMap(name -> Optional.ofNullable(made(version).get(name))));
    }

    /** The entries of a folder, by name. */
    List<ArtifactEntry> children(ArtifactPath folder) {
        return version(folder)
                .map(version -> children(
                        version,
                        VersionFiles.within(folder).map(name -> name + "/").orElse("")))
                .orElse(List.of());
    }

    private List<ArtifactEntry> children(PublishedVersion version, String prefix) {
        Map<String, Long> sizes = new TreeMap<>();
        files(version).forEach(file -> sizes.put(file.path().value(), file.size()));
        made(version).forEach((name, bytes) -> sizes.put(name, (long) bytes.length));
        Map<String, ArtifactEntry> children = new TreeMap<>();
        sizes.forEach((path, size) -> {
            if (path.startsWith(prefix)) {
                String rest = path.substring(prefix.length());
                int slash = rest.indexOf('/');
                ArtifactEntry child = slash < 0
                        ? new ArtifactEntry(rest, false, size)
                        : new ArtifactEntry(rest.substring(0, slash), true, 0);
                children.put(child.key(), child);
            }
        });
        return List.copyOf(children.values());
    }

    private Optional<PublishedVersion> version(ArtifactPath path) {
        var id = VersionFiles.version(path);
        return id.isEmpty()
                ? Optional.empty()
                : catalog.read(tx -> tx.versions().find(id.getAsLong()));
    }

    private static List<FileEntry> files(PublishedVersion version) {
        return version.manifest().files();
    }

    private Map<String, byte[]> made(PublishedVersion version) {
        Map<String, byte[]> made = new TreeMap<>();
        NativeMlModel.of(formats, files(version), version.summary().published().at())
                .ifPresent(text -> {
                    made.put(MlModel.FILE, text.getBytes(StandardCharsets.UTF_8));
                    if (NativeMlModel.needsCode(text)) {
                        made.put(LOADER_PATH, LOADER);
                    }
                });
        return made;
    }

    private static byte[] resource(String name) {
        try (InputStream in = Objects.requireNonNull(VersionTree.class.getResourceAsStream(name), name)) {
            return in.readAllBytes();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
