package io.modelward.runtime.python;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import io.modelward.core.signature.Signature;
import io.modelward.runtime.ModelSource;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/** Makes versions out of Python code, really pickled by the interpreter that workers run in. */
final class OddModel {

    private OddModel() {}

    /**
     * The model of {@code odd.py}, whose rows are an order and a number; files that a spy should try are named in
     * {@code targets}.
     */
    static ModelSource odd(Path python, Path scratch, String targets) throws Exception {
        byte[] code;
        try (InputStream in = OddModel.class.getResourceAsStream("/models/odd.py")) {
            code = in.readAllBytes();
        }
        Files.write(scratch.resolve("odd.py"), code);
        run(python, scratch, "import joblib, odd; joblib.dump(odd.Odd(), 'model.joblib')");
        Map<String, byte[]> files = new TreeMap<>();
        files.put("model.joblib", Files.readAllBytes(scratch.resolve("model.joblib")));
        files.put(".modelward/code/odd.py", code);
        files.put("targets.txt", targets.getBytes(StandardCharsets.UTF_8));
        files.put(".modelward/sample.json", "{\"instances\":[[0,1],[0,2]]}".getBytes(StandardCharsets.UTF_8));
        return source(
                files,
                signature("{\"type\":\"array\",\"items\":{\"type\":\"number\"},\"minItems\":2,\"maxItems\":2}", null));
    }

    static Signature signature(String input, String output) {
        return Signature.of(
                Optional.of(Json.parse(input, "input")),
                Optional.ofNullable(output).map(text -> Json.parse(text, "output")),
                OptionalInt.empty(),
                List.of(),
                Optional.empty());
    }

    static ModelSource source(Map<String, byte[]> files, Signature signature) {
        return source("default/odd@1.0.0", files, signature);
    }

    static ModelSource source(String reference, Map<String, byte[]> files, Signature signature) {
        List<FileEntry> entries = files.entrySet().stream()
                .map(file -> new FileEntry(
                        FilePath.parse(file.getKey()), file.getValue().length, Digest.of(file.getValue())))
                .toList();
        return new ModelSource(
                reference,
                // As of a version: of all that is in it.
                Digest.of(entries.toString().getBytes(StandardCharsets.UTF_8)),
                entries,
                file -> new ByteArrayInputStream(files.get(file.path().value())),
                signature);
    }

    static void run(Path python, Path directory, String code) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(python.toString(), "-c", code)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IllegalStateException(output);
        }
    }
}
