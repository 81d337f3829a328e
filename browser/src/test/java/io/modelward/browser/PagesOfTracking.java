package io.modelward.browser;

import java.util.List;
import java.util.function.Function;

/** The pages of experiments and runs. */
final class PagesOfTracking {

    private static final String EXPERIMENT = "/ui/experiments/{experiment}";
    private static final String RUN = "/ui/runs/{run}";
    private static final String FORM = "a form says what will be done, and the API says nothing of that";
    private static final String FILES = "files are told by their bytes";

    private PagesOfTracking() {}

    static List<PageRow> rows() {
        return List.of(
                PageRow.of("experiments", "/ui/experiments", "Experiments"),
                PageRow.of(
                        "experiment",
                        EXPERIMENT,
                        PagesOfTracking::experiment,
                        exhibit -> name(exhibit) + " - Experiment "
                                + exhibit.training().experiment()),
                PageRow.of(
                        "run",
                        RUN,
                        PagesOfTracking::run,
                        exhibit -> runName(exhibit) + " - Run "
                                + exhibit.training().runs().getFirst()),
                PageRow.of(
                        "compare-runs",
                        "/ui/runs/compare",
                        exhibit -> "/ui/runs/compare?run="
                                + String.join("&run=", exhibit.training().runs().subList(0, 3)),
                        exhibit -> "Compare 3 runs, " + runName(exhibit, 2) + " first"),
                PageRow.of(
                                "run-files",
                                RUN + "/artifacts",
                                exhibit -> run(exhibit) + "/artifacts",
                                exhibit -> "Files - Run "
                                        + exhibit.training().runs().getFirst())
                        .markingNothing(FILES),
                PageRow.of(
                                "run-file",
                                RUN + "/artifacts/{path}",
                                exhibit -> run(exhibit) + "/artifacts/" + ExhibitClient.part(file(exhibit)),
                                exhibit -> file(exhibit) + " - Run "
                                        + exhibit.training().runs().getFirst())
                        .markingNothing(FILES),
                form(
                        "new-experiment",
                        "/ui/experiments/new",
                        exhibit -> "/ui/experiments/new",
                        exhibit -> "Create an experiment"),
                form(
                        "rename-experiment",
                        EXPERIMENT + "/rename",
                        exhibit -> experiment(exhibit) + "/rename",
                        exhibit -> "Rename " + name(exhibit)),
                form(
                        "delete-experiment",
                        EXPERIMENT + "/delete",
                        exhibit -> experiment(exhibit) + "/delete",
                        exhibit -> "Delete " + name(exhibit)),
                form(
                        "bring-back-experiment",
                        EXPERIMENT + "/undelete",
                        exhibit -> experiment(exhibit) + "/undelete",
                        exhibit -> "Bring " + name(exhibit) + " back"),
                form(
                        "delete-run",
                        RUN + "/delete",
                        exhibit -> run(exhibit) + "/delete",
                        exhibit -> "Delete the run " + runName(exhibit)),
                form(
                        "bring-back-run",
                        RUN + "/undelete",
                        exhibit -> run(exhibit) + "/undelete",
                        exhibit -> "Bring the run " + runName(exhibit) + " back"));
    }

    private static PageRow form(
            String name, String template, Function<Exhibit, String> address, Function<Exhibit, String> title) {
        return PageRow.of(name, template, address, title).markingNothing(FORM);
    }

    private static String experiment(Exhibit exhibit) {
        return "/ui/experiments/" + exhibit.training().experiment();
    }

    private static String run(Exhibit exhibit) {
        return "/ui/runs/" + exhibit.training().runs().getFirst();
    }

    private static String name(Exhibit exhibit) {
        return exhibit.client()
                .told("/api/v1/experiments/" + exhibit.training().experiment())
                .path("name")
                .asString("");
    }

    private static String runName(Exhibit exhibit) {
        return runName(exhibit, 0);
    }

    private static String runName(Exhibit exhibit, int number) {
        return exhibit.client()
                .told("/api/v1/runs/" + exhibit.training().runs().get(number))
                .path("name")
                .asString("");
    }

    /** A file of the first run. */
    private static String file(Exhibit exhibit) {
        return exhibit.client()
                .told("/api/v1/runs/" + exhibit.training().runs().getFirst() + "/artifacts")
                .at("/artifacts/0/path")
                .asString("");
    }
}
