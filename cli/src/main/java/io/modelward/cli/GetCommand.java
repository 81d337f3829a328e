package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.client.TransferProgress;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

@Command(
        name = "get",
        description = "Downloads all files of a version, each checked against its hash, and its card as card.json.")
final class GetCommand extends ServerCommand {

    private static final String CARD = "card.json";

    @Parameters(paramLabel = "REFERENCE", description = "for example iris@champion")
    private String reference = "";

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "where to; made when it is not there (default: NAME-VERSION)")
    private @Nullable Path output;

    @Override
    int run(ModelwardClient client, Out out) throws IOException {
        Reference wanted = Reference.parse(reference);
        JsonNode version = VersionFinder.find(client, wanted);
        SemVer number = VersionFinder.number(version);
        List<FileEntry> files = VersionFinder.files(version);
        Path directory = output == null ? Path.of(wanted.model().name() + "-" + number) : output;
        for (FileEntry file : files) {
            fetch(client, out, wanted, number, file, directory);
        }
        card(client.card(wanted.model(), number), files, directory, out);
        out.json(version);
        out.good("Downloaded " + Text.of(version, "model") + "@" + number + " to " + directory + ": "
                + Text.plural(files.size(), "file") + ", "
                + Sizes.human(version.path("size").asLong(0)) + ", all verified");
        return ExitCodes.DONE;
    }

    private static void fetch(
            ModelwardClient client, Out out, Reference wanted, SemVer number, FileEntry file, Path directory)
            throws IOException {
        Path target = directory.resolve(file.path().value());
        if (isThere(target, file)) {
            out.note("Already there: " + file.path());
            return;
        }
        try (TransferBar bar = new TransferBar(
                out.err(),
                Terminal.showsProgress(),
                System::nanoTime,
                file.path().value(),
                file.size())) {
            client.downloadFile(wanted.model(), number, file, target, bar);
            bar.done("Downloaded");
        }
    }

    private static boolean isThere(Path target, FileEntry file) throws IOException {
        return Files.isRegularFile(target)
                && Files.size(target) == file.size()
                && ModelwardClient.digest(target, TransferProgress.NONE).equals(file.sha256());
    }

    private static void card(JsonNode card, List<FileEntry> files, Path directory, Out out) throws IOException {
        if (files.stream().anyMatch(file -> file.path().collisionKey().equals(CARD))) {
            out.note("The version has a file " + CARD + " of its own, so the card was not written.");
            return;
        }
        String text = Json.MAPPER.writerWithDefaultPrettyPrinter().writeValueAsString(card) + "\n";
        Files.write(Files.createDirectories(directory).resolve(CARD), text.getBytes(StandardCharsets.UTF_8));
    }
}
