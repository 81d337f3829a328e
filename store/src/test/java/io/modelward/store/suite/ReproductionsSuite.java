package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.audit.Change;
import io.modelward.core.digest.Digest;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.JobRun;
import io.modelward.core.job.JobTrigger;
import io.modelward.core.job.Reproduction;
import io.modelward.core.job.ReproductionReport;
import io.modelward.core.job.ReproductionReport.Files;
import io.modelward.core.job.ReproductionReport.Metric;
import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.ReproductionReport.Verdict;
import io.modelward.core.json.Json;
import io.modelward.store.catalog.Catalog;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with runs that make a version once more. */
public abstract class ReproductionsSuite {

    private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L);
    private static final JobName WEEKLY = new JobName("weekly");
    private static final Digest CODE = Digest.of("code".getBytes(StandardCharsets.UTF_8));

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private static JobRun run(String id, long number, JobTrigger trigger) {
        return new JobRun(
                id,
                number,
                WEEKLY,
                7,
                JobPlanReader.read(Json.parse(
                        "{\"model\":\"iris\",\"command\":[\"python\"],\"code\":{\"archive\":\"" + CODE
                                + "\",\"size\":4}}",
                        "plan")),
                trigger,
                AT,
                new Change(AT, "ada", false, ""),
                JobRun.Progress.QUEUED);
    }

    private static ReproductionReport report(Optional<Predictions> predictions) {
        return new ReproductionReport(
                Verdict.EQUIVALENT,
                "in words \u00fc",
                "1.1.0-reproduced.2",
                new Files(3, List.of("a"), List.of("b/c"), List.of("d \"e\"")),
                predictions,
                List.of(
                        new Metric("accuracy", Optional.of(0.95), Optional.empty(), false),
                        new Metric("loss", Optional.of(-1e-300), Optional.of(1e300), true)),
                List.of("numpy 1 then, 2 now"));
    }

    @Test
    void a_report_is_kept_and_read_again_as_it_was() {
        ReproductionReport whole = report(Optional.of(new Predictions(3, 200, 100, 102, 1, 1.0 / 3, "why")));
        ReproductionReport equal = report(Optional.empty());
        catalog.write(tx -> {
            for (int number = 1; number <= 3; number++) {
                tx.jobs().insertRun(run("r-" + number, number, JobTrigger.REPRODUCE));
                tx.reproductions()
                        .insert(new Reproduction("r-" + number, number == 3 ? 8 : 9, 1.0 / 3, Optional.empty()));
            }
            tx.reproductions().report("r-1", equal);
            tx.reproductions().report("r-2", equal);
            tx.reproductions().report("r-2", whole);
            return true;
        });
        catalog.close();
        catalog = open();
        List<Reproduction> ofVersion = catalog.read(tx -> tx.reproductions().of(9, 10));
        assertThat(ofVersion)
                .containsExactly(
                        new Reproduction("r-2", 9, 1.0 / 3, Optional.of(whole)),
                        new Reproduction("r-1", 9, 1.0 / 3, Optional.of(equal)));
        List<Reproduction> newest = catalog.read(tx -> tx.reproductions().of(9, 1));
        assertThat(newest).extracting(Reproduction::run).containsExactly("r-2");
        Optional<Reproduction> found = catalog.read(tx -> tx.reproductions().find("r-3"));
        assertThat(found).contains(new Reproduction("r-3", 8, 1.0 / 3, Optional.empty()));
        Optional<Reproduction> none = catalog.read(tx -> tx.reproductions().find("r-4"));
        assertThat(none).isEmpty();
    }

    @Test
    void runs_that_make_a_version_once_more_are_none_of_the_jobs_own() {
        catalog.write(tx -> {
            tx.jobs().insertRun(run("own", 1, JobTrigger.SCHEDULE));
            tx.jobs().insertRun(run("again", 2, JobTrigger.REPRODUCE));
            return true;
        });
        List<JobRun> open = catalog.read(tx -> tx.jobs().open(WEEKLY, 7));
        assertThat(open).extracting(JobRun::id).containsExactly("own");
    }
}
