package io.modelward.cli;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A registry kept by hand: a directory for each model, and in it one for each version. */
final class HandKept {

    /** The files that may be the card; the first that is there counts. */
    static final List<String> CARDS = List.of("metadata.json", "card.json");

    private HandKept() {}

    /**
     * A directory that may be a version.
     *
     * @param parent the name of the model's directory
     * @param model empty when its directory's name is no name for a model
     * @param version empty when the directory's name means no version
     */
    record Entry(Path directory, String parent, Optional<ModelName> model, Optional<SemVer> version) {

        String shownModel() {
            return model.map(ModelName::toString).orElse(parent);
        }

        String shownVersion() {
            return version.map(SemVer::toString).orElse(folder());
        }

        /** The directory's own name. */
        String folder() {
            return String.valueOf(directory.getFileName());
        }

        /** The directory as people find it: {@code iris/v1}. */
        String place() {
            return parent + "/" + folder();
        }

        Optional<Path> card() {
            return CARDS.stream()
                    .map(directory::resolve)
                    .filter(Files::isRegularFile)
                    .findFirst();
        }
    }

    /**
     * Models by name, and the versions of each in SemVer order, so that each is held to the one before it; at last what
     * is no version.
     */
    static List<Entry> read(Path root, String namespace, FolderNames names) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path model : directories(root)) {
            String parent = String.valueOf(model.getFileName());
            Optional<ModelName> name = name(namespace, parent);
            List<Entry> versions = new ArrayList<>();
            List<Entry> others = new ArrayList<>();
            for (Path version : directories(model)) {
                Optional<SemVer> number = names.version(parent, String.valueOf(version.getFileName()));
                (number.isPresent() ? versions : others).add(new Entry(version, parent, name, number));
            }
            versions.sort(Comparator.comparing(entry -> entry.version().orElseThrow()));
            entries.addAll(versions);
            entries.addAll(others);
        }
        return entries;
    }

    private static Optional<ModelName> name(String namespace, String name) {
        try {
            return Optional.of(ModelName.of(namespace, name));
        } catch (ProblemException notOne) {
            if (notOne.problem().field().filter("namespace"::equals).isPresent()) {
                throw notOne;
            }
            return Optional.empty();
        }
    }

    /** Directories only: a link such as {@code latest} names a version that is there under its own name. */
    private static List<Path> directories(Path parent) throws IOException {
        try (Stream<Path> children = Files.list(parent)) {
            return children.filter(child -> Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS))
                    .filter(child -> !ModelFiles.isJunk(child))
                    .sorted()
                    .toList();
        }
    }
}
