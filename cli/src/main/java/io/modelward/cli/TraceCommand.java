package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.digest.Digest;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

@Command(
        name = "trace",
        description =
                "Tells which model answered a prediction, what it is made of, who published it and when it was live.")
final class TraceCommand extends ServerCommand {

    @Parameters(paramLabel = "ID", description = "the prediction's id")
    private String id = "";

    @Option(names = "--verify", description = "hash the stored bytes again; exit code 5 when they are damaged")
    private boolean verify;

    @Option(
            names = "--input",
            paramLabel = "FILE",
            description = "compare this file with what was sent, byte for byte; exit code 5 when it is something else"
                    + " (default: nothing is compared)")
    private @Nullable Path input;

    @Override
    int run(ModelwardClient client, Out out) {
        // Read before anything is printed: a file that cannot be read is a mistake in the command.
        Optional<Digest> sent = Optional.ofNullable(input).map(TraceCommand::digest);
        JsonNode trace = client.trace(id, verify);
        boolean same =
                sent.map(digest -> digest.toString().equals(recorded(trace))).orElse(true);
        ObjectNode json = (ObjectNode) trace.deepCopy();
        sent.ifPresent(digest -> json.putObject("input")
                .put("same", same)
                .put("sha256", digest.toString())
                .put("recorded_sha256", recorded(trace)));
        out.json(json);
        TraceStory.tell(out, trace);
        sent.ifPresent(digest -> compared(out, digest, recorded(trace)));
        out.blank();
        int code = same ? ExitCodes.DONE : ExitCodes.REFUSED;
        if (trace.has("verification")) {
            out.title("Stored bytes");
            return Math.max(code, Show.verification(out, trace.path("verification")));
        }
        out.line("The stored bytes were not looked at; --verify hashes them again.");
        return code;
    }

    private static String recorded(JsonNode trace) {
        return trace.path("prediction").path("input_sha256").asString("");
    }

    private void compared(Out out, Digest digest, String recorded) {
        out.blank();
        out.title("Input");
        if (digest.toString().equals(recorded)) {
            out.line(input + " is what was sent, byte for byte.");
        } else {
            out.line(input + " is not what was sent: its hash is " + digest + ", and " + recorded
                    + " was recorded. The hash covers the whole body of the request, with its spaces and line ends.");
        }
    }

    private static Digest digest(Path file) {
        try (DigestInputStream hashed =
                new DigestInputStream(Files.newInputStream(file), MessageDigest.getInstance("SHA-256"))) {
            hashed.transferTo(OutputStream.nullOutputStream());
            return Digest.ofBytes(hashed.getMessageDigest().digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        } catch (IOException unreadable) {
            throw new Usage("The file " + file + " cannot be read.");
        }
    }
}
