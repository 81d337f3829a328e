package io.modelward.core.format;

import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.mlflow.MlModel;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** The files of a version, of which the small ones can be read. */
public interface ReadableFiles {

    /** In bytes, the most that is read of a document. */
    long LARGEST_DOCUMENT = 4 << 20;

    List<FileEntry> files();

    /**
     * The first bytes of one of the files. What cannot be read fails as the store that keeps the file fails.
     *
     * @param most how many
     */
    byte[] read(FileEntry file, int most);

    /** Whether the files can be read, and not only named. */
    default boolean isReadable() {
        return true;
    }

    /** Files of which only the names are known. */
    static ReadableFiles named(List<FileEntry> files) {
        return new ReadableFiles() {
            @Override
            public List<FileEntry> files() {
                return files;
            }

            @Override
            public boolean isReadable() {
                return false;
            }

            @Override
            public byte[] read(FileEntry file, int most) {
                throw new IllegalStateException("the files are known by their names only");
            }
        };
    }

    default List<String> paths() {
        return files().stream().map(file -> file.path().value()).toList();
    }

    default Optional<FileEntry> file(String path) {
        return files().stream().filter(file -> file.path().value().equals(path)).findFirst();
    }

    default boolean has(String path) {
        return file(path).isPresent();
    }

    /** The bytes of a document; empty when it is not there, or too large to be what it should be. */
    default Optional<byte[]> bytes(String path) {
        return file(path).filter(file -> file.size() <= LARGEST_DOCUMENT).map(file -> read(file, (int) file.size()));
    }

    /** The first bytes of a file, however large the file is; empty when it is not there. */
    default Optional<byte[]> beginning(String path, int most) {
        return file(path).map(file -> read(file, most));
    }

    /** A document of JSON; empty as {@link #bytes} is. */
    default Optional<JsonNode> document(String path) {
        return bytes(path).map(content -> Json.parse(content, path));
    }

    /**
     * What MLflow says about the model; empty when the files are not MLflow's.
     *
     * @throws io.modelward.core.problem.ProblemException REFUSED when the file is not what MLflow writes
     */
    default Optional<MlModel> mlModel() {
        return bytes(MlModel.FILE).map(MlModel::parse);
    }
}
