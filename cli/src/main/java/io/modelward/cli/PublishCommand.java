package io.modelward.cli;

import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.client.PublishCall;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "publish",
        description = {
            "Publishes a file, or all files of a directory, as a version of a model.",
            "Without --version and --bump the card's version is used."
        })
final class PublishCommand extends ServerCommand {

    @Parameters(paramLabel = "NAME", description = "the model: name or namespace/name")
    private String name = "";

    @Parameters(paramLabel = "PATH", description = "a file or a directory")
    private Path path = Path.of("");

    @Option(names = "--card", paramLabel = "FILE", required = true, description = "the model card, a JSON file")
    private Path card = Path.of("");

    @ArgGroup
    private @Nullable Number number;

    @Option(names = "--reason", paramLabel = "TEXT", description = "why, for those who look later")
    private @Nullable String reason;

    @Option(
            names = "--override-reason",
            paramLabel = "TEXT",
            description = "why what could not be decided to be compatible shall pass")
    private @Nullable String overrideReason;

    /** Which number the version gets; one of the two. */
    private static final class Number {

        @Option(names = "--version", paramLabel = "VERSION", description = "this version")
        private @Nullable String version;

        @Option(
                names = "--bump",
                paramLabel = "KIND",
                description = "the next version: patch, minor, major, or auto for the least allowed, minor at least")
        private @Nullable Bump bump;
    }

    private enum Bump {
        patch,
        minor,
        major,
        auto
    }

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        ModelName model = ModelName.parse(name);
        Optional<String> version = Optional.ofNullable(number).flatMap(given -> Optional.ofNullable(given.version));
        Optional<String> bump = Optional.ofNullable(number)
                .flatMap(given -> Optional.ofNullable(given.bump))
                .map(Bump::name);
        JsonNode read = Cards.read(card, version.map(SemVer::parse));
        List<ModelFile> files = ModelFiles.of(path, card);
        ApiResponse answer = Upload.publish(
                client,
                out,
                "",
                model,
                files,
                new PublishCall(read, version, bump, Optional.ofNullable(reason), Optional.ofNullable(overrideReason)));
        out.json(answer.json());
        tell(out, answer);
        return ExitCodes.DONE;
    }

    private static void tell(Out out, ApiResponse answer) {
        JsonNode published = answer.json();
        out.good((answer.created() ? "Published " : "Published already, with the same content: ")
                + Text.of(published, "model") + "@" + Text.of(published, "version"));
        out.field("ordinal", Text.of(published, "ordinal"));
        out.field("digest", Text.of(published, "digest"));
        out.field("least bump", Text.of(published, "least_bump"));
        published.path("warnings").forEach(warning -> out.warn("  warning         " + warning.asString("")));
        out.field("card lacks", Show.joined(published.path("card_missing")));
    }
}
