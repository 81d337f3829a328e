package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.client.PublishCall;
import io.modelward.client.TransferProgress;
import io.modelward.core.digest.Digest;
import io.modelward.core.json.CanonicalJson;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Publishes versions one by one, and goes on after a refusal. */
final class Import {

    /** What became of a version. */
    enum Outcome {
        PUBLISHED("published", true),
        PRESENT("already there", true),
        SKIPPED("skipped", true),
        REFUSED("refused", false),
        FAILED("failed", false);

        private final String words;
        private final boolean fine;

        Outcome(String words, boolean fine) {
            this.words = words;
            this.fine = fine;
        }

        String words() {
            return words;
        }

        boolean isFine() {
            return fine;
        }
    }

    /** @param why in lines; empty when there is nothing to say */
    record Result(Outcome outcome, List<String> why) {}

    private final ModelwardClient client;
    private final Out out;
    private final String reason;
    private final Map<ModelName, Map<String, String>> published = new HashMap<>();

    Import(ModelwardClient client, Out out, String reason) {
        this.client = client;
        this.out = out;
        this.reason = reason;
    }

    /**
     * Publishes the directory when its name is a version that is not published yet. Only an unreachable server ends the
     * work.
     */
    Result take(HandKept.Entry entry) {
        if (entry.version().isEmpty()) {
            // Something with a card was meant as a version, and who relies on the exit code must learn that it was left
            // out.
            return new Result(
                    entry.hasCard() ? Outcome.REFUSED : Outcome.SKIPPED,
                    List.of("its name is not a Semantic Version such as 1.2.0"));
        }
        if (entry.model().isEmpty()) {
            return new Result(Outcome.REFUSED, List.of("its directory's name is no name for a model"));
        }
        if (!entry.hasCard()) {
            return new Result(Outcome.REFUSED, List.of("it has no " + HandKept.CARD));
        }
        try {
            return publish(
                    entry.directory(), entry.model().get(), entry.version().get());
        } catch (ApiException | ProblemException | Usage refused) {
            int code = ErrorReport.code(refused);
            return new Result(code == ExitCodes.FAILED ? Outcome.FAILED : Outcome.REFUSED, ErrorReport.lines(refused));
        } catch (IOException failure) {
            return new Result(Outcome.FAILED, ErrorReport.lines(failure));
        }
    }

    private Result publish(Path directory, ModelName model, SemVer version) throws IOException {
        Path cardFile = directory.resolve(HandKept.CARD);
        JsonNode card = Cards.read(cardFile, Optional.of(version));
        List<ModelFile> files = ModelFiles.of(directory, cardFile);
        String there = versions(model).get(version.toString());
        if (there != null && there.equals(digest(files, card).toString())) {
            return new Result(Outcome.PRESENT, List.of());
        }
        if (there != null) {
            return new Result(
                    Outcome.REFUSED,
                    List.of("it is published already, with other content; a version is never overwritten"));
        }
        PublishCall call = new PublishCall(
                card, Optional.of(version.toString()), Optional.empty(), Optional.of(reason), Optional.empty());
        ApiResponse answer = Upload.publish(client, out, model + "@" + version + " ", model, files, call);
        List<String> warnings = new ArrayList<>();
        answer.json().path("warnings").forEach(warning -> warnings.add(warning.asString("")));
        return new Result(answer.created() ? Outcome.PUBLISHED : Outcome.PRESENT, warnings);
    }

    /** The identity that these bytes would have as a version. */
    private static Digest digest(List<ModelFile> files, JsonNode card) throws IOException {
        List<FileEntry> entries = new ArrayList<>();
        for (ModelFile file : files) {
            entries.add(new FileEntry(
                    file.path(), file.size(), ModelwardClient.digest(file.file(), TransferProgress.NONE)));
        }
        return Manifest.of(entries, Digest.of(CanonicalJson.bytes(card))).digest();
    }

    private Map<String, String> versions(ModelName model) {
        return published.computeIfAbsent(model, name -> {
            Map<String, String> digests = new HashMap<>();
            try {
                client.versions(name)
                        .path("versions")
                        .forEach(version -> digests.put(Text.of(version, "version"), Text.of(version, "digest")));
            } catch (ApiException failure) {
                if (failure.status() != 404) {
                    throw failure;
                }
            }
            return digests;
        });
    }
}
