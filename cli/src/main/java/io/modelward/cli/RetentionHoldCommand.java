package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.RetentionCalls;
import io.modelward.core.json.Json;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a version, or lets go of it. */
abstract class RetentionHoldCommand extends ServerCommand {

    @Parameters(paramLabel = "REFERENCE", description = "the exact version, iris@1.2.0")
    private String reference = "";

    @Option(
            names = "--reason",
            paramLabel = "TEXT",
            required = true,
            description = "why, for those who look later (required)")
    private String reason = "";

    @Override
    final int run(ModelwardClient client, Out out) {
        Reference of = Reference.parse(reference);
        SemVer version = VersionFinder.exact(of);
        tell(client.retention(), of.model(), version, reason);
        out.json(Json.object());
        out.good(of.model() + "@" + version + " " + words());
        return ExitCodes.DONE;
    }

    abstract void tell(RetentionCalls retention, ModelName model, SemVer version, String because);

    abstract String words();

    @Command(name = "hold", description = "Holds a version, so that neither a rule nor a person deletes it.")
    static final class Hold extends RetentionHoldCommand {
        @Override
        void tell(RetentionCalls retention, ModelName model, SemVer version, String because) {
            retention.hold(model, version, because);
        }

        @Override
        String words() {
            return "is held";
        }
    }

    @Command(name = "release", description = "Lets go of a version that is held.")
    static final class Release extends RetentionHoldCommand {
        @Override
        void tell(RetentionCalls retention, ModelName model, SemVer version, String because) {
            retention.release(model, version, because);
        }

        @Override
        String words() {
            return "is not held any more";
        }
    }
}
