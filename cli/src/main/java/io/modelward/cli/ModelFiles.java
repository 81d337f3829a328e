package io.modelward.cli;

import io.modelward.core.manifest.FilePath;
import io.modelward.core.problem.ProblemException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The files of a version as they lie on this machine: one file, or all below a directory. */
final class ModelFiles {

    /** What operating systems and tools leave behind; no model needs it. */
    private static final Set<String> JUNK = Set.of(
            "__pycache__",
            ".DS_Store",
            ".AppleDouble",
            "__MACOSX",
            ".Spotlight-V100",
            ".Trashes",
            ".fseventsd",
            "Thumbs.db",
            "desktop.ini",
            ".directory",
            ".git",
            ".gitignore",
            ".gitattributes",
            ".ipynb_checkpoints",
            ".pytest_cache",
            ".mypy_cache");

    private ModelFiles() {}

    /**
     * In the order of their paths.
     *
     * @param except a file that is no part of the version, such as its card; may be outside
     * @throws ProblemException when two paths differ in case only
     * @throws Usage when there is nothing to publish, or a link leads out of the directory
     */
    static List<ModelFile> of(Path path, Path except) throws IOException {
        if (!Files.exists(path)) {
            throw new NoSuchFileException(path.toString());
        }
        if (Files.isRegularFile(path)) {
            return List.of(
                    entry(String.valueOf(path.toAbsolutePath().normalize().getFileName()), path));
        }
        Walk walk = new Walk(path.toRealPath(), except.toAbsolutePath().normalize());
        Files.walkFileTree(walk.root, walk);
        if (walk.found.isEmpty()) {
            throw new Usage("There is no file to publish in " + path + ".");
        }
        walk.found.sort(Comparator.comparing(ModelFile::path));
        refuseCollisions(walk.found);
        return walk.found;
    }

    /** The server would refuse them too, but only after all has been sent. */
    private static void refuseCollisions(List<ModelFile> files) {
        Map<String, ModelFile> byKey = new HashMap<>();
        for (ModelFile file : files) {
            ModelFile other = byKey.putIfAbsent(file.path().collisionKey(), file);
            if (other != null) {
                throw ProblemException.refused(
                        "path",
                        other.path() + " and " + file.path()
                                + " differ in case only; some file systems cannot keep both.");
            }
        }
    }

    static boolean isJunk(Path path) {
        String name = String.valueOf(path.getFileName());
        return JUNK.contains(name) || name.startsWith("._");
    }

    private static ModelFile entry(String path, Path file) throws IOException {
        FilePath composed = FilePath.parse(Normalizer.normalize(path, Normalizer.Form.NFC));
        return new ModelFile(composed, file, Files.size(file));
    }

    private static final class Walk extends SimpleFileVisitor<Path> {

        private final Path root;
        private final Path except;
        private final List<ModelFile> found = new ArrayList<>();

        Walk(Path root, Path except) {
            this.root = root;
            this.except = except;
        }

        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
            return !directory.equals(root) && isJunk(directory)
                    ? FileVisitResult.SKIP_SUBTREE
                    : FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isJunk(file) || isExcepted(file)) {
                return FileVisitResult.CONTINUE;
            }
            String path = root.relativize(file)
                    .toString()
                    .replace(file.getFileSystem().getSeparator(), "/");
            if (attributes.isSymbolicLink()) {
                requireInside(path, file);
            } else if (!attributes.isRegularFile()) {
                throw new Usage(path + " is no regular file; take it out of the directory.");
            }
            found.add(entry(path, file));
            return FileVisitResult.CONTINUE;
        }

        private boolean isExcepted(Path file) throws IOException {
            return Files.exists(except) && Files.exists(file) && Files.isSameFile(file, except);
        }

        private void requireInside(String path, Path link) throws IOException {
            if (!Files.exists(link)) {
                throw new Usage(path + " is a link to nothing.");
            }
            Path target = link.toRealPath();
            if (!target.startsWith(root)) {
                throw new Usage(path + " is a link to outside of the directory; put a copy in its place.");
            }
            if (!Files.isRegularFile(target)) {
                throw new Usage(path + " is a link to a directory; put a copy in its place.");
            }
        }
    }
}
