package io.modelward.core.manifest;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.Quoted;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Checks that files can lie in one directory tree on every file system. */
final class FileTree {

    private FileTree() {}

    /** The files in order, if they can. */
    static List<FileEntry> check(Collection<FileEntry> files) {
        if (files.isEmpty()) {
            throw refused("A version has at least one file.");
        }
        Map<String, FilePath> byKey = new HashMap<>();
        for (FileEntry file : files) {
            FilePath other = byKey.put(file.path().collisionKey(), file.path());
            if (other != null) {
                throw refused(
                        other.equals(file.path())
                                ? "The file " + shown(other) + " is there twice."
                                : "The files " + shown(other) + " and " + shown(file.path())
                                        + " differ in case only; some file systems cannot keep both.");
            }
        }
        for (FileEntry file : files) {
            checkDirectories(file.path(), byKey);
        }
        return files.stream().sorted(Comparator.comparing(FileEntry::path)).toList();
    }

    private static void checkDirectories(FilePath path, Map<String, FilePath> byKey) {
        String key = path.collisionKey();
        for (int slash = key.indexOf('/'); slash >= 0; slash = key.indexOf('/', slash + 1)) {
            FilePath file = byKey.get(key.substring(0, slash));
            if (file != null) {
                throw refused(shown(file) + " is a file and, for " + shown(path) + ", a directory too.");
            }
        }
    }

    private static String shown(FilePath path) {
        return Quoted.of(path.value());
    }

    private static ProblemException refused(String detail) {
        return ProblemException.refused("path", detail);
    }
}
