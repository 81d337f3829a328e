package io.modelward.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * The code of a job as one ZIP archive, of a folder or of a commit of a git repository. The same files make the same
 * archive, whenever and wherever it is made.
 *
 * @param file the archive, in a temporary folder that is removed by closing this
 * @param files how many files it has
 * @param repository where a commit was taken from, without what may be secret in an address
 * @param commit the whole hash
 */
record JobCodeArchive(Path folder, Path file, int files, Optional<String> repository, Optional<String> commit)
        implements AutoCloseable {

    private static final Pattern COMMIT = Pattern.compile("(?<where>.+)@(?<commit>[0-9a-fA-F]{7,64})");
    private static final List<String> LEFT_OUT = List.of(".git", "__pycache__", ".venv", ".ipynb_checkpoints");
    private static final int MOST_FILES = 20_000;
    private static final FileTime EPOCH = FileTime.from(Instant.parse("1980-01-01T00:00:00Z"));
    private static final int GIT_MINUTES = 10;

    /**
     * Makes the archive.
     *
     * @param from a folder, or {@code ADDRESS@COMMIT}
     * @throws Usage when it is neither
     */
    static JobCodeArchive of(String from) throws IOException {
        Path given = Path.of(from);
        Path temporary = Files.createTempDirectory("modelward-job-");
        try {
            if (Files.isDirectory(given)) {
                return archive(temporary, given, Optional.empty(), Optional.empty());
            }
            Matcher form = COMMIT.matcher(from);
            if (!form.matches()) {
                throw new Usage("--repository is a folder, or the address of a git repository with a commit:"
                        + " https://example.org/team/iris.git@3f2a91c");
            }
            Path clone = temporary.resolve("clone");
            git(List.of("clone", "--quiet", "--no-checkout", "--", form.group("where"), clone.toString()));
            git(List.of("-C", clone.toString(), "checkout", "--quiet", "--detach", form.group("commit")));
            String commit =
                    git(List.of("-C", clone.toString(), "rev-parse", "HEAD")).strip();
            return archive(
                    temporary,
                    clone,
                    Optional.of(form.group("where").replaceFirst("://[^/@]*@", "://")),
                    Optional.of(commit));
        } catch (IOException | RuntimeException failure) {
            remove(temporary);
            throw failure;
        }
    }

    private static String git(List<String> words) throws IOException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(words);
        Process process;
        try {
            process = new ProcessBuilder(command)
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
        } catch (IOException none) {
            throw new Usage(
                    "To take code from a commit, the program git is needed here. Install it, or give a folder.");
        }
        try {
            process.getOutputStream().close();
            String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (!process.waitFor(GIT_MINUTES, TimeUnit.MINUTES) || process.exitValue() != 0) {
                throw new Usage("git could not take the code from there; what it said stands above.");
            }
            return output;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException("interrupted", interrupted);
        }
    }

    private static JobCodeArchive archive(
            Path temporary, Path root, Optional<String> repository, Optional<String> commit) throws IOException {
        List<Path> files = files(root);
        if (files.isEmpty()) {
            throw new Usage("The folder of the code has no files.");
        }
        Path archive = temporary.resolve("code.zip");
        try (OutputStream out = Files.newOutputStream(archive);
                ZipOutputStream zip = new ZipOutputStream(out)) {
            for (Path file : files) {
                ZipEntry entry = new ZipEntry(name(root, file));
                entry.setTime(EPOCH.toMillis());
                zip.putNextEntry(entry);
                Files.copy(file, zip);
                zip.closeEntry();
            }
        }
        return new JobCodeArchive(temporary, archive, files.size(), repository, commit);
    }

    private static String name(Path root, Path file) {
        return root.relativize(file).toString().replace('\\', '/');
    }

    private static List<Path> files(Path root) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> all = Files.walk(root)) {
            for (Path path : (Iterable<Path>) all::iterator) {
                boolean left = false;
                for (Path part : root.relativize(path)) {
                    left |= LEFT_OUT.contains(part.toString());
                }
                if (left) {
                    continue;
                }
                if (Files.isSymbolicLink(path)) {
                    throw new Usage(name(root, path) + " is a link. The code of a job has files and folders only.");
                }
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    files.add(path);
                }
                if (files.size() > MOST_FILES) {
                    throw new Usage("The folder of the code has more than " + MOST_FILES + " files.");
                }
            }
        } catch (UncheckedIOException unreadable) {
            throw unreadable.getCause();
        }
        files.sort(Comparator.comparing(file -> name(root, file)));
        return files;
    }

    private static void remove(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            all.sorted(Comparator.reverseOrder()).forEach(path -> {
                try {
                    Files.delete(path);
                } catch (IOException left) {
                    path.toFile().deleteOnExit();
                }
            });
        } catch (IOException | UncheckedIOException left) {
            folder.toFile().deleteOnExit();
        }
    }

    @Override
    public void close() {
        remove(folder);
    }
}
