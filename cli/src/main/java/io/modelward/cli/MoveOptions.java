package io.modelward.cli;

import io.modelward.client.MoveCall;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.Selector;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** The options of every command that moves an endpoint, and what they show when it has moved. */
final class MoveOptions {

    @Option(
            names = "--expected-revision",
            paramLabel = "N",
            description = "only if this route revision is still the current one (default: whichever is)")
    private @Nullable Long expectedRevision;

    @Option(names = "--change-contract", description = "let the move change what callers rely on")
    private boolean changeContract;

    @Option(
            names = "--evaluate",
            paramLabel = "auto|off",
            description = "off keeps the version in its worker; auto lets the server evaluate it (default: as it was)")
    private @Nullable String evaluate;

    @Mixin
    private Patience patience = new Patience();

    /** Waits until the endpoint has moved. */
    <T> T moved(String endpoint, Supplier<T> move) {
        return patience.wait(
                move, "The server goes on to load the version. See what serves: modelward endpoint show " + endpoint);
    }

    MoveCall call(Optional<ModelName> model, Optional<String> version, Optional<String> reason) {
        return new MoveCall(
                model,
                version,
                reason,
                expectedRevision == null ? OptionalLong.empty() : OptionalLong.of(expectedRevision),
                changeContract,
                Optional.ofNullable(evaluate));
    }

    /** A version written alone, {@code 1.1.0}, or with its model, {@code iris@1.1.0}. */
    MoveCall call(String version, Optional<String> reason) {
        if (version.indexOf('@') >= 0) {
            Reference reference = Reference.parse(version);
            return call(
                    Optional.of(reference.model()),
                    Optional.of(reference.selector().toString()),
                    reason);
        }
        return call(Optional.empty(), Optional.of(Selector.parse(version).toString()), reason);
    }

    static void tell(Out out, JsonNode endpoint, String verb) {
        String version = Text.of(endpoint, "model") + "@" + Text.of(endpoint, "model_version");
        String state = Text.of(endpoint, "state");
        String line = "Endpoint " + Text.of(endpoint, "endpoint") + " " + verb + " " + version + " (revision "
                + Text.of(endpoint, "revision") + ")";
        if (state.equals("SERVING")) {
            out.good(line);
        } else {
            out.warn(line + ", but its state is " + state);
        }
        out.field("digest", Text.of(endpoint, "digest"));
        out.field("why not", Text.of(endpoint, "why"));
        endpoint.path("warnings").forEach(warning -> out.warning(warning.asString("")));
    }
}
