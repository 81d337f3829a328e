package io.modelward.runtime.sandbox;

import io.modelward.core.json.Json;
import io.modelward.runtime.WorkerLimits;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/** Says which limit a worker met, by the name of its setting. */
public final class LimitWords {

    private LimitWords() {}

    /** @param limit memory, disk, files or processes */
    public static String met(String limit, WorkerLimits limits) {
        String most = switch (limit) {
            case "memory" -> size(limits.memory());
            case "disk" -> size(limits.disk());
            case "files" -> Integer.toString(limits.files());
            case "processes" -> Integer.toString(limits.processes());
            default -> "";
        };
        return most.isEmpty() ? "" : "it met the limit runtime.worker-" + limit + " of this server, " + most;
    }

    /** What the worker says when its model meets a limit, by the limit's name. */
    public static ObjectNode all(WorkerLimits limits) {
        ObjectNode words = Json.object();
        for (String limit : List.of("memory", "disk", "files", "processes")) {
            words.put(limit, met(limit, limits));
        }
        return words;
    }

    /** A number of bytes as people read it. */
    public static String size(long bytes) {
        return bytes % (1L << 30) == 0 ? (bytes >> 30) + " GiB" : (bytes >> 20) + " MiB";
    }
}
