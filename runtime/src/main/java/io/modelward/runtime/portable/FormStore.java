package io.modelward.runtime.portable;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.evaluator.form.BadForm;
import io.modelward.evaluator.form.Bounds;
import io.modelward.evaluator.form.Form;
import io.modelward.evaluator.form.FormReader;
import io.modelward.runtime.ServedBy;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Keeps forms that were proved, so that the next load of a version needs no worker. A file has the name of what it
 * depends on, and begins with the digest of its content: one that was written in part, or was changed, is made anew.
 * All that is kept here may be
 * removed while the server does not run.
 */
public final class FormStore {

    private static final Logger LOG = LoggerFactory.getLogger(FormStore.class);
    private static final String UNFINISHED = ".unfinished";
    /** A form that no load asked for in this time is removed at the next start. */
    private static final Duration KEPT = Duration.ofDays(30);

    private static final int DIGEST = 32;
    private static final long MOST_BYTES = 80L << 20;

    private final Path directory;
    private final String code;

    /**
     * A form that was proved, with what is told of it.
     *
     * @param head of the form, UTF-8 JSON
     * @param arrays of the form
     * @param cost of a row
     * @param facts what the worker told of the model: class, packages, warnings
     */
    record Kept(byte[] head, ByteBuffer arrays, ServedBy served, RowCost cost, Facts facts) {

        Form form() throws BadForm {
            return FormReader.read(head, arrays, Bounds.USUAL);
        }
    }

    /** What a worker told of a model when it was loaded. */
    public record Facts(String modelClass, Map<String, String> packages, List<String> warnings) {}

    /**
     * Opens a store, and removes what a server that was killed did not finish.
     *
     * @param directory made when there is none
     */
    public static FormStore open(Path directory) throws IOException {
        Files.createDirectories(directory);
        try (Stream<Path> files = Files.list(directory)) {
            Instant oldest = Instant.now().minus(KEPT);
            for (Path file : files.toList()) {
                if (String.valueOf(file.getFileName()).endsWith(UNFINISHED)
                        || Files.getLastModifiedTime(file).toInstant().isBefore(oldest)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        return new FormStore(directory, OwnCode.digest());
    }

    /** @param code names the code that evaluates and proves: a form that other code proved is not used */
    FormStore(Path directory, String code) {
        this.directory = directory;
        this.code = code;
    }

    /**
     * The name of a version's form.
     *
     * @param version the digest of its files
     * @param depends whatever else the form depends on: the contract, the releases of the packages
     */
    String name(Digest version, String depends) {
        String whole = String.join("\n", String.valueOf(Form.VERSION), code, version.toString(), depends);
        return Digest.of(whole.getBytes(StandardCharsets.UTF_8)).hex();
    }

    boolean has(String name) {
        return Files.exists(directory.resolve(name));
    }

    /** The form of this name; empty when there is none that is whole. */
    Optional<Kept> read(String name) {
        Path file = directory.resolve(name);
        try {
            if (!Files.exists(file) || Files.size(file) > MOST_BYTES) {
                return Optional.empty();
            }
            ByteBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            byte[] digest = new byte[DIGEST];
            all.get(digest);
            if (!Digest.ofBytes(digest).equals(Digest.of(rest(all)))) {
                Files.deleteIfExists(file);
                return Optional.empty();
            }
            touch(file);
            JsonNode told = Json.parse(piece(all), "form");
            byte[] head = piece(all);
            return Optional.of(new Kept(
                    head,
                    all.slice(),
                    served(told),
                    new RowCost(
                            told.path("nanos_per_row").longValue(1),
                            told.path("bytes_per_row").longValue(1)),
                    facts(told)));
        } catch (IOException | RuntimeException unreadable) {
            LOG.warn("a kept form cannot be read, and is made anew: {}", unreadable.toString());
            return Optional.empty();
        }
    }

    /** A form is read where nothing can be written, too: on a disk that became read-only, or in another user's files. */
    private static void touch(Path file) {
        try {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException readOnly) {
            LOG.debug("the time of a kept form cannot be set: {}", readOnly.toString());
        }
    }

    private static byte[] rest(ByteBuffer all) {
        byte[] rest = new byte[all.remaining()];
        all.duplicate().get(rest);
        return rest;
    }

    private static byte[] piece(ByteBuffer all) {
        byte[] piece = new byte[all.getInt()];
        all.get(piece);
        return piece;
    }

    private static ServedBy served(JsonNode told) {
        return new ServedBy(
                ServedBy.Computer.EVALUATOR,
                told.path("probes").longValue(0),
                told.path("nodes").longValue(0),
                told.path("nodes_reached").longValue(0),
                told.path("largest_difference").doubleValue(0),
                "");
    }

    private static Facts facts(JsonNode told) {
        Map<String, String> packages = new TreeMap<>();
        told.path("packages")
                .properties()
                .forEach(entry -> packages.put(entry.getKey(), entry.getValue().asString("")));
        return new Facts(
                told.path("model").stringValue(""),
                packages,
                told.path("warnings")
                        .valueStream()
                        .map(text -> text.asString(""))
                        .toList());
    }

    /** Keeps a form. A failure is logged: the form is made anew the next time. */
    void write(String name, Kept kept) {
        ObjectNode told = Json.object()
                .put("probes", kept.served().probes())
                .put("nodes", kept.served().nodes())
                .put("nodes_reached", kept.served().nodesReached())
                .put("largest_difference", kept.served().largestDifference())
                .put("nanos_per_row", kept.cost().nanos())
                .put("bytes_per_row", kept.cost().bytes())
                .put("model", kept.facts().modelClass());
        ObjectNode packages = told.putObject("packages");
        kept.facts().packages().forEach(packages::put);
        kept.facts().warnings().forEach(told.putArray("warnings")::add);
        byte[] facts = Json.bytes(told);
        ByteBuffer content = ByteBuffer.allocate(
                        8 + facts.length + kept.head().length + kept.arrays().remaining())
                .order(ByteOrder.LITTLE_ENDIAN);
        content.putInt(facts.length).put(facts).putInt(kept.head().length).put(kept.head());
        content.put(kept.arrays().duplicate()).flip();
        try {
            Path unfinished = Files.createTempFile(directory, name, UNFINISHED);
            try {
                try (FileChannel out = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
                    writeAll(out, ByteBuffer.wrap(Digest.of(content.array()).bytes()));
                    writeAll(out, content);
                    out.force(true);
                }
                Files.move(unfinished, directory.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(unfinished);
            }
        } catch (IOException | ProblemException failure) {
            LOG.warn("a form could not be kept, and is made anew the next time: {}", failure.toString());
        }
    }

    private static void writeAll(FileChannel out, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            out.write(bytes);
        }
    }
}
