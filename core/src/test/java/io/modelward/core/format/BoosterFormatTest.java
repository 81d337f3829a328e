package io.modelward.core.format;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.FilePath;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BoosterFormatTest {

    private static final String JSON =
            "{\"learner\":{\"attributes\":{},\"feature_names\":[\"a\"],\"gradient_booster\":{}},"
                    + "\"version\":[3,2,0]}";
    private static final String UBJ = "{L\0\0\0\0\0\0\0\7learner{L\0\0\0\0\0\0\0\nattributes{}";
    private static final String TEXT = "tree\nversion=v4\nnum_class=1\n";

    private record Files(Map<String, byte[]> content) implements ReadableFiles {

        @Override
        public List<FileEntry> files() {
            return content.entrySet().stream()
                    .map(entry -> new FileEntry(
                            FilePath.parse(entry.getKey()), entry.getValue().length, Digest.of(entry.getValue())))
                    .toList();
        }

        @Override
        public byte[] read(FileEntry file, int most) {
            byte[] all = Objects.requireNonNull(content.get(file.path().value()));
            return Arrays.copyOf(all, Math.min(most, all.length));
        }
    }

    private static Files files(String... namesAndTexts) {
        Map<String, byte[]> content = new LinkedHashMap<>();
        for (int i = 0; i < namesAndTexts.length; i += 2) {
            content.put(namesAndTexts[i], namesAndTexts[i + 1].getBytes(StandardCharsets.ISO_8859_1));
        }
        return new Files(content);
    }

    private static Optional<String> found(String... namesAndTexts) {
        return ModelFormats.python()
                .of(files(namesAndTexts))
                .map(detected -> detected.format().name() + " " + detected.artifact());
    }

    @Test
    void filesOfBothLibrariesAreKnownByTheirContent() {
        assertThat(found("model.json", JSON)).contains("xgboost model.json");
        assertThat(found("a/b.json", "{\n  \"version\": [1, 7, 6],\n  \"learner\": {\n    \"objective\": {}}}"))
                .contains("xgboost a/b.json");
        assertThat(found("model.ubj", UBJ)).contains("xgboost model.ubj");
        assertThat(found("model.txt", TEXT)).contains("lightgbm model.txt");
        assertThat(found("m.lgb", TEXT.replace("\n", "\r\n"), "README.txt", "tree of life\n"))
                .contains("lightgbm m.lgb");
    }

    @Test
    void otherFilesWithTheSameEndingsAreNoModels() {
        assertThat(found("config.json", "{\"learner\":\"sgd\",\"version\":1}")).isEmpty();
        assertThat(found("config.json", "[{\"learner\":{\"attributes\":{}}}]")).isEmpty();
        assertThat(found("config.json", "{\"name\":\"x\",\"learner\":{\"attributes\":{}}}"))
                .isEmpty();
        assertThat(found("data.ubj", "{L\0\0\0\0\0\0\0\4name")).isEmpty();
        assertThat(found("notes.txt", "tree\nversion=4\n")).isEmpty();
        assertThat(found("notes.txt", "a tree\nversion=v4\n")).isEmpty();
        assertThat(found("model.bin", TEXT)).isEmpty();
        assertThat(found("empty.json", "", "empty.txt", "")).isEmpty();
    }

    @Test
    void onlyOneFileIsTheModelAndPicklesComeFirst() {
        assertThat(found("one.json", JSON, "two.json", JSON)).isEmpty();
        assertThat(found("model.json", JSON, "model.joblib", "")).contains("pickle model.joblib");
        assertThat(found("model.json", JSON, "MLmodel", "flavors: {}\n")).contains("mlflow MLmodel");
        assertThat(found("model.json", JSON, ".modelward/x.json", JSON)).contains("xgboost model.json");
    }

    @Test
    void theLibraryThatLoadsTheFileIsNamed() {
        Files model = files("model.json", JSON);
        ModelFormats.Detected detected = ModelFormats.python().of(model).orElseThrow();
        assertThat(detected.requirements()).singleElement().asString().startsWith("xgboost-cpu==");
        assertThat(detected.isInspected(model)).isTrue();
        assertThat(ModelFormats.python().words()).contains("XGBoost's Booster.save_model");
        // Where files are known by their names only, nothing is read.
        assertThat(ModelFormats.python().of(ReadableFiles.named(model.files()))).isEmpty();
    }
}
