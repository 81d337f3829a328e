package io.modelward.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The release that this program is of. Its number is in one file, python/src/modelward/VERSION. */
public final class Release {

    /** Such as {@code 1.2.0}. */
    public static final String VERSION = read();

    private Release() {}

    private static String read() {
        try (InputStream file = Release.class.getResourceAsStream("VERSION")) {
            if (file == null) {
                throw new IllegalStateException("the build left out VERSION");
            }
            return new String(file.readAllBytes(), StandardCharsets.US_ASCII).strip();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
