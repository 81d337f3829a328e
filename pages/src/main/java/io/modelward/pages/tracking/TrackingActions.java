package io.modelward.pages.tracking;

import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.Experiment;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.RunService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import java.util.List;
import java.util.Optional;

/** What people change of experiments and runs: making, renaming, deleting and bringing back. */
public final class TrackingActions {

    private static final String EXPERIMENT = "/ui/experiments/{experiment}";
    private static final String RUN = "/ui/runs/{run}";

    private final Actions actions;
    private final ExperimentService experiments;
    private final RunService runs;

    public TrackingActions(Actions actions, ExperimentService experiments, RunService runs) {
        this.actions = actions;
        this.experiments = experiments;
        this.runs = runs;
    }

    public void open(HttpRoute.Table routes) {
        actions.open(
                routes,
                "/ui/experiments/new",
                Action.TRACK,
                exchange -> form("Create an experiment", "/ui/experiments/new", "Create it", "/ui/experiments")
                        .saying("An experiment groups runs that answer one question.")
                        .text("name", "Name", "", "Clients log runs to the experiment by this name.", true),
                (exchange, fields) -> "/ui/experiments/"
                        + experiments.create(fields.required("name"), Optional.empty(), List.of(), exchange.actor()));
        actions.open(routes, EXPERIMENT + "/rename", Action.TRACK, this::renameForm, (exchange, fields) -> {
            experiments.rename(experiment(exchange), fields.required("name"), exchange.actor(), reason(fields));
            return link(exchange);
        });
        actions.open(routes, EXPERIMENT + "/delete", Action.DELETE, this::deleteForm, (exchange, fields) -> {
            requireTyped(fields, experiment(exchange));
            experiments.delete(experiment(exchange), exchange.actor(), reason(fields));
            return link(exchange);
        });
        actions.open(
                routes,
                EXPERIMENT + "/undelete",
                Action.DELETE,
                exchange -> form(
                                "Bring " + name(exchange) + " back",
                                link(exchange) + "/undelete",
                                "Bring it back",
                                link(exchange))
                        .saying("The experiment is in the lists again, with the runs that were deleted with it.")
                        .reason(),
                (exchange, fields) -> {
                    experiments.restore(experiment(exchange), exchange.actor(), reason(fields));
                    return link(exchange);
                });
        actions.open(routes, RUN + "/delete", Action.DELETE, this::deleteRunForm, (exchange, fields) -> {
            requireTyped(fields, "delete");
            runs.delete(run(exchange), exchange.actor(), reason(fields));
            return RunWords.link(run(exchange));
        });
        actions.open(
                routes,
                RUN + "/undelete",
                Action.DELETE,
                exchange -> {
                    String link = RunWords.link(run(exchange));
                    return form(
                                    "Bring the run " + RunWords.name(runs.run(run(exchange))) + " back",
                                    link + "/undelete",
                                    "Bring it back",
                                    link)
                            .saying("The run is among the active runs of its experiment again.")
                            .reason();
                },
                (exchange, fields) -> {
                    runs.restore(run(exchange), exchange.actor(), reason(fields));
                    return RunWords.link(run(exchange));
                });
    }

    private static ActionForm form(String title, String post, String submit, String back) {
        return ActionForm.of(Section.EXPERIMENTS, title, post, submit, back);
    }

    private static String experiment(Exchange exchange) {
        return exchange.path("experiment");
    }

    private static String run(Exchange exchange) {
        return exchange.path("run");
    }

    private static String link(Exchange exchange) {
        return "/ui/experiments/" + Words.segment(experiment(exchange));
    }

    private static String reason(FormFields fields) {
        return fields.text("reason").orElse("");
    }

    private static void requireTyped(FormFields fields, String text) {
        if (!fields.text("confirm").orElse("").strip().equals(text)) {
            throw ProblemException.invalid("confirm", "Write " + text + " to show that you mean it.");
        }
    }

    private String name(Exchange exchange) {
        return found(exchange).name();
    }

    private Experiment found(Exchange exchange) {
        return experiments.get(experiment(exchange)).experiment();
    }

    private ActionForm renameForm(Exchange exchange) {
        String name = name(exchange);
        return form("Rename " + name, link(exchange) + "/rename", "Rename the experiment", link(exchange))
                .saying("Runs stay with the experiment, and its number stays.")
                .saying("Clients that log by the old name get a new experiment of that name from then on.")
                .text("name", "New name", name, "", true)
                .reason();
    }

    private ActionForm deleteForm(Exchange exchange) {
        String id = experiment(exchange);
        return form("Delete " + name(exchange), link(exchange) + "/delete", "Delete the experiment", link(exchange))
                .saying("The experiment, its runs and its logged models are in no list of active ones any more.")
                .saying("Registered versions that came from its runs stay.")
                .saying("Nothing is lost: the experiment can be brought back.")
                .text("confirm", "Number of the experiment", "", "Write " + id + " to show that you mean it.", true)
                .reason()
                .dangerous();
    }

    private ActionForm deleteRunForm(Exchange exchange) {
        String link = RunWords.link(run(exchange));
        return form(
                        "Delete the run " + RunWords.name(runs.run(run(exchange))),
                        link + "/delete",
                        "Delete the run",
                        link)
                .saying("The run is in no list of active runs any more.")
                .saying("Registered versions that came from the run stay, and the run can be brought back.")
                .text("confirm", "Confirmation", "", "Write delete to show that you mean it.", true)
                .reason()
                .dangerous();
    }
}
