package io.modelward.store.catalog.sqlite;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The driver unpacks its native library into the temporary folder at each start, and only an orderly end removes the
 * library. Here the libraries of killed servers are removed. To remove a library that a living server has loaded does
 * no harm: the system keeps the file for as long as it is mapped.
 */
public final class NativeLibraries {

    private static final Pattern NAME = Pattern.compile("sqlite-.*-libsqlitejdbc\\.so(\\.lck)?");
    /** A younger one may be about to be loaded. */
    private static final Duration YOUNG = Duration.ofMinutes(1);

    private NativeLibraries() {}

    /** Removes what can be removed; the rest is no reason not to start. */
    public static void removeLeftovers() {
        Path folder = Path.of(System.getProperty("java.io.tmpdir"));
        try (Stream<Path> files = Files.list(folder)) {
            files.filter(file -> NAME.matcher(file.getFileName().toString()).matches())
                    .forEach(NativeLibraries::removeIfOld);
        } catch (IOException | RuntimeException unreadable) {
            // The folder is cleaned by somebody else then.
        }
    }

    private static void removeIfOld(Path file) {
        try {
            boolean old = Files.getLastModifiedTime(file, LinkOption.NOFOLLOW_LINKS)
                    .toInstant()
                    .isBefore(Instant.now().minus(YOUNG));
            boolean own =
                    Files.getOwner(file, LinkOption.NOFOLLOW_LINKS).getName().equals(System.getProperty("user.name"));
            if (old && own && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.deleteIfExists(file);
            }
        } catch (IOException gone) {
            // Another server removed it.
        }
    }
}
