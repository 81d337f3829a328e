package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/**
 * Follows a rollout: a picture that is drawn again on a terminal, one line for each change of state, step or reason
 * elsewhere.
 */
final class RolloutWatching implements Consumer<JsonNode> {

    /** A line that is longer than the terminal is wide is cut, so that lines can be counted. */
    private static final String CUT = "\u001b[?7l";

    private static final String WRAP = "\u001b[?7h";
    private static final String TO_THE_END = "\u001b[J";

    private final Out out;
    private final boolean terminal;
    private int drawn;
    private String last = "";

    RolloutWatching(Out out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
    }

    /** Shows it until it ends; a script gets the last document, and the lines on the side. */
    static int toTheEnd(ModelwardClient client, Out out, String id) {
        RolloutWatching watching = new RolloutWatching(out, Terminal.redraws() && !out.isJson());
        JsonNode ended = client.rollouts().watch(id, watching);
        out.json(ended);
        return code(Text.of(ended, "state"));
    }

    static int code(String state) {
        return switch (state) {
            case "PROMOTED" -> ExitCodes.DONE;
            case "ROLLED_BACK" -> ExitCodes.ROLLED_BACK;
            case "LOAD_FAILED" -> ExitCodes.REFUSED;
            default -> ExitCodes.FAILED;
        };
    }

    @Override
    public void accept(JsonNode rollout) {
        if (terminal) {
            draw(RolloutShow.status(rollout));
            return;
        }
        String said = Text.of(rollout, "state")
                + Text.of(rollout, "step")
                + Text.of(rollout, "held_by")
                + Text.of(rollout, "reason");
        if (!said.equals(last)) {
            last = said;
            if (out.isJson()) {
                out.note(RolloutShow.line(rollout));
            } else {
                out.line(RolloutShow.line(rollout));
            }
            out.flush();
        }
    }

    private void draw(List<String> lines) {
        PrintWriter screen = out.screen();
        screen.print(CUT + (drawn == 0 ? "" : "\u001b[" + drawn + "A\r") + TO_THE_END);
        lines.forEach(line -> screen.println(Text.harmless(line)));
        screen.print(WRAP);
        screen.flush();
        drawn = lines.size();
    }
}
