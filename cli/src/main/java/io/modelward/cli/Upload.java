package io.modelward.cli;

import io.modelward.client.ApiException;
import io.modelward.client.ApiResponse;
import io.modelward.client.ModelwardClient;
import io.modelward.client.PublishCall;
import io.modelward.client.Unreachable;
import io.modelward.core.version.ModelName;
import java.io.IOException;
import java.util.List;

/** Sends files and has them published as one version; what is refused leaves no draft behind. */
final class Upload {

    private Upload() {}

    /** @param label goes before each file's name where its transfer is shown */
    static ApiResponse publish(
            ModelwardClient client, Out out, String label, ModelName model, List<ModelFile> files, PublishCall call)
            throws IOException {
        String draft = Text.of(client.createDraft(model), "id");
        boolean published = false;
        try {
            for (ModelFile file : files) {
                send(client, out, label, draft, file);
            }
            ApiResponse answer = client.publish(draft, call);
            published = true;
            return answer;
        } finally {
            if (!published) {
                forget(client, draft);
            }
        }
    }

    private static void send(ModelwardClient client, Out out, String label, String draft, ModelFile file)
            throws IOException {
        try (TransferBar bar = new TransferBar(
                out.err(),
                Terminal.showsProgress(),
                System::nanoTime,
                label + file.path().value(),
                file.size())) {
            client.putFile(draft, file.path(), file.file(), bar);
            bar.done("Uploaded");
        }
    }

    /** The server forgets it too, but only after a day. */
    private static void forget(ModelwardClient client, String draft) {
        try {
            client.deleteDraft(draft);
        } catch (ApiException | Unreachable alreadyTroubled) {
            return;
        }
    }
}
