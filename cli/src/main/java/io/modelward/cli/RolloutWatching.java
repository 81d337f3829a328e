package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
    private static final long MEASURED_NANOS = 1_000_000_000;

    private final Out out;
    private final boolean terminal;
    private Screen screen;
    private long measuredAt = System.nanoTime();
    private int drawn;
    private String said = "";
    private volatile @Nullable JsonNode last;

    RolloutWatching(Out out, boolean terminal) {
        this.out = out;
        this.terminal = terminal;
        this.screen = out.width();
    }

    /** Shows it until it ends; a script gets the last document, and the lines on the side. */
    static int toTheEnd(ModelwardClient client, Out out, String id, Patience patience) {
        RolloutWatching watching = new RolloutWatching(out, Terminal.redraws() && !out.isJson());
        String goesOn = "Rollout " + id + " goes on. Watch it: modelward rollout status " + id
                + " --watch. Stop it: modelward rollout abort " + id + " --reason TEXT";
        Thread interrupted = new Thread(() -> out.note(goesOn));
        Runtime.getRuntime().addShutdownHook(interrupted);
        try {
            JsonNode ended = patience.wait(() -> client.rollouts().watch(id, watching), goesOn);
            out.json(ended);
            return code(Text.of(ended, "state"));
        } catch (TimedOut over) {
            Optional.ofNullable(watching.last).ifPresent(out::json);
            throw over;
        } finally {
            forget(interrupted);
        }
    }

    private static void forget(Thread hook) {
        try {
            Runtime.getRuntime().removeShutdownHook(hook);
        } catch (IllegalStateException endsNow) {
            // The user ends the program, and the hook speaks.
            return;
        }
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
        last = rollout;
        if (terminal) {
            draw(RolloutShow.status(rollout, measured()));
            return;
        }
        String now = Text.of(rollout, "state")
                + Text.of(rollout, "step")
                + Text.of(rollout, "held_by")
                + Text.of(rollout, "reason");
        if (!now.equals(said)) {
            said = now;
            if (out.isJson()) {
                out.note(RolloutShow.line(rollout));
            } else {
                out.line(RolloutShow.line(rollout));
            }
            out.flush();
        }
    }

    /** The terminal may be made wider or narrower meanwhile. */
    private Screen measured() {
        long now = System.nanoTime();
        if (now - measuredAt > MEASURED_NANOS) {
            screen = screen.again();
            measuredAt = now;
        }
        return screen;
    }

    private void draw(List<String> lines) {
        PrintWriter picture = out.screen();
        picture.print(CUT + (drawn == 0 ? "" : "\u001b[" + drawn + "A\r") + TO_THE_END);
        lines.forEach(line -> picture.println(Text.harmless(line)));
        picture.print(WRAP);
        picture.flush();
        drawn = lines.size();
    }
}
