package io.modelward.runtime.portable;

import io.modelward.core.digest.Digest;
import io.modelward.evaluator.Evaluator;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the evaluator and the proof are made of: a proof holds for the code that it was made with. */
final class OwnCode {

    private static final Logger LOG = LoggerFactory.getLogger(OwnCode.class);
    private static final List<String> FOLDERS = List.of("io/modelward/evaluator/", "io/modelward/runtime/portable/");

    private OwnCode() {}

    /** Another text for each release that evaluates or proves otherwise. */
    static String digest() {
        try {
            Set<String> parts = new TreeSet<>();
            for (Class<?> one : List.of(Evaluator.class, OwnCode.class)) {
                Path place =
                        Path.of(Objects.requireNonNull(one.getProtectionDomain().getCodeSource())
                                .getLocation()
                                .toURI());
                if (Files.isDirectory(place)) {
                    addFiles(place, parts);
                } else {
                    addEntries(place, parts);
                }
            }
            return Digest.of(String.join("\n", parts).getBytes(StandardCharsets.UTF_8))
                    .hex();
        } catch (IOException | URISyntaxException | RuntimeException hidden) {
            LOG.warn(
                    "the server's own program cannot be read; forms are proved anew after a start: {}",
                    hidden.toString());
            return UUID.randomUUID().toString();
        }
    }

    private static void addFiles(Path place, Set<String> parts) throws IOException {
        try (Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String name = place.relativize(file).toString().replace('\\', '/');
                if (FOLDERS.stream().anyMatch(name::startsWith)) {
                    parts.add(name + " " + Digest.of(Files.readAllBytes(file)).hex());
                }
            }
        }
    }

    private static void addEntries(Path place, Set<String> parts) throws IOException {
        try (JarFile jar = new JarFile(place.toFile())) {
            for (JarEntry entry : jar.stream().toList()) {
                if (FOLDERS.stream().anyMatch(entry.getName()::startsWith)) {
                    parts.add(entry.getName() + " " + entry.getCrc() + " " + entry.getSize());
                }
            }
        }
    }
}
