package io.modelward.browser;

import java.util.List;

/** The pages of training jobs. */
final class PagesOfJobs {

    private static final String FORM = "a form says what will be done, and the API says nothing of that";
    private static final String JOB = "/ui/jobs/{job}";
    private static final String RUN = JOB + "/runs/{run}";
    private static final String ADDRESS = "/ui/jobs/" + ExhibitJobs.JOB;

    private PagesOfJobs() {}

    static List<PageRow> rows() {
        return List.of(
                PageRow.of("jobs", "/ui/jobs", "Jobs"),
                PageRow.of("job", JOB, _ -> ADDRESS, _ -> "Job " + ExhibitJobs.JOB),
                PageRow.of(
                        "job-run",
                        RUN,
                        PagesOfJobs::run,
                        exhibit -> "Run " + exhibit.jobs().number() + " of the job " + ExhibitJobs.JOB),
                form("run", "Run"),
                form("pause", "Pause"),
                form("resume", "Resume"),
                form("delete", "Delete"),
                PageRow.of(
                                "stop-job-run",
                                RUN + "/stop",
                                exhibit -> run(exhibit) + "/stop",
                                exhibit -> "Stop run " + exhibit.jobs().number() + " of the job " + ExhibitJobs.JOB)
                        .markingNothing(FORM));
    }

    private static String run(Exhibit exhibit) {
        return ADDRESS + "/runs/" + exhibit.jobs().run();
    }

    private static PageRow form(String word, String label) {
        return PageRow.of(
                        word + "-job",
                        JOB + "/" + word,
                        _ -> ADDRESS + "/" + word,
                        _ -> label + " the job " + ExhibitJobs.JOB)
                .markingNothing(FORM);
    }
}
