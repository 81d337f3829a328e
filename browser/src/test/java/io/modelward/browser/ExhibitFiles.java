package io.modelward.browser;

import io.modelward.core.json.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import tools.jackson.databind.JsonNode;

/** Model files that scikit-learn wrote, and the rows that the models were trained on. */
final class ExhibitFiles implements AutoCloseable {

    private final Path folder;

    /** Has the files written by the Python that also runs the models. */
    ExhibitFiles() {
        try {
            folder = Files.createTempDirectory("exhibit-files");
            write();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private void write() throws IOException {
        Process process = new ProcessBuilder(
                        python().toString(),
                        Chromium.ROOT
                                .resolve("browser/src/test/python/exhibit_models.py")
                                .toString(),
                        folder.toString())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) {
                throw new IOException("the models of the exhibit could not be written: " + output);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    /** A Python with scikit-learn; the test commands name one. */
    static Path python() {
        String named = System.getenv("MODELWARD_PYTHON");
        return named == null || named.isEmpty() ? Chromium.ROOT.resolve("build/python/bin/python") : Path.of(named);
    }

    byte[] forest(int number) throws IOException {
        return Files.readAllBytes(folder.resolve("forest-" + number % 8 + ".joblib"));
    }

    /** A pipeline that loads, and fails the wider petals. */
    byte[] broken() throws IOException {
        return Files.readAllBytes(folder.resolve("broken.joblib"));
    }

    @Override
    public void close() {
        Folders.remove(folder);
    }

    JsonNode rows() throws IOException {
        return Json.parse(Files.readAllBytes(folder.resolve("rows.json")), "rows");
    }
}
