package io.modelward.server.mlflow;

import io.modelward.core.artifact.ArtifactEntry;
import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.json.Json;
import io.modelward.core.search.PageToken;
import io.modelward.registry.Page;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.RunArtifacts;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/** Folders as MLflow's clients see them. Where nothing is, and of a file, the list is empty. */
final class ArtifactListing {

    private static final int AT_ONCE = 1000;
    /** Large, since some clients take the first page for all. */
    private static final int PAGE = 10_000;

    private ArtifactListing() {}

    /** All of a folder, by its names; the protocol has no pages here, so it is written as it is read. */
    static Reply whole(ArtifactService artifacts, ArtifactPath folder) {
        Page<ArtifactEntry> first = artifacts.list(folder, "", AT_ONCE);
        if (first.items().isEmpty()) {
            return Reply.ok(Message.nothing());
        }
        return Reply.written(out -> {
            String before = "{\"files\":[";
            Page<ArtifactEntry> page = first;
            while (true) {
                for (ArtifactEntry child : page.items()) {
                    write(out, before + Json.write(file(child, "")));
                    before = ",";
                }
                if (page.next().isEmpty()) {
                    break;
                }
                page = artifacts.list(folder, page.next().get(), AT_ONCE);
            }
            write(out, "]}");
        });
    }

    /** A page of a folder of a run or model, by paths below its root. */
    static Reply page(ArtifactService artifacts, RunArtifacts root, String path, Optional<String> token) {
        ObjectNode json = Json.object().put("root_uri", root.uri());
        if (root.here()) {
            String below = ArtifactPath.parseDirectory(path).value();
            Page<ArtifactEntry> page =
                    artifacts.list(root.at(path), token.map(PageToken::key).orElse(""), PAGE);
            MlflowJson.list(json, "files", page.items(), child -> file(child, below.isEmpty() ? "" : below + "/"));
            page.next().ifPresent(key -> json.put("next_page_token", PageToken.ofKey(key)));
        }
        return Reply.ok(json);
    }

    /** A size of 0 is left out, as for a folder. */
    private static ObjectNode file(ArtifactEntry child, String below) {
        ObjectNode json = Json.object().put("path", below + child.name()).put("is_dir", child.directory());
        if (child.size() > 0) {
            json.put("file_size", child.size());
        }
        return json;
    }

    private static void write(OutputStream out, String text) throws IOException {
        out.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
