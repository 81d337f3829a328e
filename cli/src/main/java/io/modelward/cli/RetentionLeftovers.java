package io.modelward.cli;

import tools.jackson.databind.JsonNode;

/** Tells what the settings of the server end of what is no version. */
final class RetentionLeftovers {

    private RetentionLeftovers() {}

    static void requireOne(String name, boolean server) {
        if (name.isEmpty() != server) {
            throw new Usage("Name a model, or give --server; one of them.");
        }
    }

    /** @param ends {@code would end} or {@code ended} */
    static void tell(Out out, JsonNode found, String ends) {
        boolean runs = !found.path("runs_after").isNull();
        boolean predictions = !found.path("predictions_after").isNull();
        if (!runs && !predictions) {
            out.line("The server keeps deleted runs and records of predictions for ever: neither retention.runs nor"
                    + " retention.predictions is set.");
            return;
        }
        if (runs) {
            out.line("retention.runs = " + Text.of(found, "runs_after") + " " + ends + " "
                    + Text.plural(found.path("runs").asLong(), "deleted run") + " and "
                    + Text.plural(found.path("logged_models").asLong(), "deleted logged model") + ".");
        }
        if (predictions) {
            long records = found.path("predictions").asLong();
            out.line("retention.predictions = " + Text.of(found, "predictions_after") + " " + ends + " "
                    + Text.plural(records, "record") + " of predictions in "
                    + Text.plural(found.path("prediction_files").asLong(), "file") + ", "
                    + Sizes.human(found.path("prediction_bytes").asLong())
                    + (records == 0 ? "." : ", the newest of " + Text.time(found, "newest_prediction_at") + "."));
        }
    }
}
