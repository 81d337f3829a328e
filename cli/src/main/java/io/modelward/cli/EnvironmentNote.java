package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ModelwardClient;
import io.modelward.client.Unreachable;
import io.modelward.core.version.Reference;
import tools.jackson.databind.JsonNode;

/** Says, while a version is being loaded, that its Python environment is being built: that takes longest. */
final class EnvironmentNote implements AutoCloseable {

    private static final long PAUSE_MILLIS = 1000;

    private final ModelwardClient client;
    private final Reference reference;
    private final Out out;
    private final Thread watching;
    private String said = "";

    EnvironmentNote(ModelwardClient client, Reference reference, Out out) {
        this.client = client;
        this.reference = reference;
        this.out = out;
        this.watching = Thread.ofPlatform().daemon().name("environment-note").start(this::watch);
    }

    private void watch() {
        try {
            while (true) {
                Thread.sleep(PAUSE_MILLIS);
                look();
            }
        } catch (InterruptedException | ApiException | Unreachable over) {
            // The command itself tells what is wrong.
            return;
        }
    }

    private void look() {
        JsonNode environment = VersionFinder.find(client, reference).path("environment");
        String words = switch (Text.of(environment, "state")) {
            case "waiting" -> "The Python environment of " + reference + " waits until another one is built.";
            case "building" ->
                "The Python environment of " + reference + " is being built; that may take minutes, once.";
            case "ready" -> said.isEmpty() ? "" : "The environment is built. The model is being loaded.";
            default -> "";
        };
        if (!words.isEmpty() && !words.equals(said)) {
            said = words;
            out.note(words);
        }
    }

    @Override
    public void close() {
        watching.interrupt();
    }
}
