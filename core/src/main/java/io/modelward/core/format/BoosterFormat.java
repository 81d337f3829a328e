package io.modelward.core.format;

import io.modelward.core.mlflow.MlModel;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A model in the own file of a library of boosted trees, as its {@code Booster.save_model} writes it. Other files have
 * the same endings, so the beginning of the content decides.
 */
public final class BoosterFormat implements ModelFormat {

    /** XGBoost's JSON and UBJSON. */
    public static final BoosterFormat XGBOOST = new BoosterFormat(
            "xgboost",
            List.of(".json", ".ubj"),
            // Both write the members of an object in the order of their names. A length in UBJSON has 8 bytes.
            Pattern.compile("\\s*\\{\\s*(\"version\"\\s*:\\s*\\[[\\d,\\s]*]\\s*,\\s*)?\"learner\"\\s*:\\s*\\{\\s*"
                    + "\"(attributes|feature_names|feature_types|gradient_booster|learner_model_param|objective)\"\\s*:"
                    + "|\\{L\0{7}\7learner\\{L\0{7}(?s:.)(attributes|feature_names|gradient_booster)"),
            "a file that XGBoost's Booster.save_model wrote and that ends in .json or .ubj",
            "xgboost-cpu==3.2.0");

    /** LightGBM's text. */
    public static final BoosterFormat LIGHTGBM = new BoosterFormat(
            "lightgbm",
            List.of(".txt", ".lgb", ".model"),
            Pattern.compile("tree\r?\nversion=v\\d+\r?\n"),
            "a file that LightGBM's Booster.save_model wrote and that ends in .txt, .lgb or .model",
            "lightgbm==4.7.0");

    private static final int LOOKED_AT = 4 << 10;

    private final String name;
    private final List<String> endings;
    private final Pattern beginning;
    private final String words;
    private final String requirement;

    private BoosterFormat(String name, List<String> endings, Pattern beginning, String words, String requirement) {
        this.name = name;
        this.endings = endings;
        this.beginning = beginning;
        this.words = words;
        this.requirement = requirement;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String files() {
        return "exactly one " + words.substring(2);
    }

    /** The only such file; none beside a model of another format. */
    @Override
    public Optional<String> artifact(ReadableFiles files) {
        if (!files.isReadable()
                || files.has(MlModel.FILE)
                || PickleFormat.pickled(files.paths()).isPresent()) {
            return Optional.empty();
        }
        List<String> found = files.paths().stream()
                .filter(path -> !path.startsWith(".modelward/"))
                .filter(path -> endings.stream().anyMatch(path::endsWith))
                .filter(path -> isModel(files, path))
                .toList();
        return found.size() == 1 ? Optional.of(found.getFirst()) : Optional.empty();
    }

    private boolean isModel(ReadableFiles files, String path) {
        return files.beginning(path, LOOKED_AT)
                .map(content -> beginning
                        .matcher(new String(content, StandardCharsets.ISO_8859_1))
                        .lookingAt())
                .orElse(false);
    }

    /** The file names its columns. */
    @Override
    public boolean isInspected(ReadableFiles files) {
        return true;
    }

    /** The release of the library that loads such files, of which it reads those of all earlier releases. */
    @Override
    public List<String> requirements() {
        return List.of(requirement);
    }
}
