package io.modelward.server.api;

import io.modelward.core.access.Action;
import io.modelward.core.job.JobFile;
import io.modelward.core.job.JobName;
import io.modelward.core.job.JobPlan;
import io.modelward.core.job.JobPlanReader;
import io.modelward.core.job.Reproduction;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.jobs.HookCalls;
import io.modelward.jobs.JobBrowser;
import io.modelward.jobs.JobService;
import io.modelward.jobs.JobUploads;
import io.modelward.jobs.JobView;
import io.modelward.jobs.JobView.RunView;
import io.modelward.jobs.Reproducer;
import io.modelward.registry.Page;
import io.modelward.server.http.Body;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import io.modelward.server.http.UploadSink;
import io.modelward.server.http.UploadTask;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Executor;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Training jobs, their runs and their files. */
public final class JobsDoor {

    private static final String JOBS = "/api/v1/jobs";
    private static final String JOB = JOBS + "/{job}";
    private static final String RUNS = "/api/v1/job-runs";
    private static final String RUN = RUNS + "/{run}";
    private static final String VERSION = "/api/v1/models/{namespace}/{name}/versions/{version}";
    private static final List<String> BESIDE_THE_PLAN = List.of("job", "secrets", "hook", "reason");

    private static final int LARGEST_CALL = 1 << 20;

    private final JobService jobs;
    private final JobUploads uploads;
    private final JobBrowser browser;
    private final HookCalls hooks;
    private final Reproducer reproducer;
    private final Executor hashers;

    /** @param hashers few platform threads: hashing must not take every core */
    public JobsDoor(
            JobService jobs,
            JobUploads uploads,
            JobBrowser browser,
            HookCalls hooks,
            Reproducer reproducer,
            Executor hashers) {
        this.jobs = jobs;
        this.uploads = uploads;
        this.browser = browser;
        this.hooks = hooks;
        this.reproducer = reproducer;
        this.hashers = hashers;
    }

    public void open(HttpRoute.Table routes) {
        routes.async("PUT", "/api/v1/job-files", Action.RELEASE, this::upload);
        routes.blocking("GET", JOBS, Action.READ, this::list);
        routes.blocking("POST", JOBS, Action.RELEASE, this::create);
        routes.blocking("GET", JOB, Action.READ, exchange -> Reply.ok(JobJson.job(browser.get(name(exchange)))));
        routes.blocking("PUT", JOB, Action.RELEASE, this::update);
        routes.blocking("DELETE", JOB, Action.RELEASE, exchange -> {
            jobs.delete(name(exchange), exchange.actor(), exchange.reason());
            return Reply.nothing();
        });
        routes.blocking("POST", JOB + "/pause", Action.RELEASE, exchange -> pause(exchange, true));
        routes.blocking("POST", JOB + "/resume", Action.RELEASE, exchange -> pause(exchange, false));
        routes.blocking("POST", JOB + "/runs", Action.RELEASE, this::start);
        routes.blocking("GET", JOB + "/runs", Action.READ, exchange -> runs(exchange, Optional.of(name(exchange))));
        routes.blocking("GET", RUNS, Action.READ, exchange -> runs(exchange, Optional.empty()));
        routes.blocking(
                "GET", RUN, Action.READ, exchange -> Reply.ok(JobJson.whole(browser.run(exchange.path("run")))));
        routes.blocking("GET", RUN + "/log", Action.PUBLISH, this::log);
        routes.blocking("POST", RUN + "/stop", Action.RELEASE, this::stop);
        routes.blocking("GET", VERSION + "/training", Action.READ, this::training);
        routes.blocking("POST", VERSION + "/reproductions", Action.RELEASE, this::reproduce);
        routes.blocking("GET", VERSION + "/reproductions", Action.READ, this::reproductions);
        routes.openBlocking("POST", "/hooks/jobs/{job}", this::hook);
    }

    private static JobName name(Exchange exchange) {
        return JobName.parse(exchange.path("job"));
    }

    private void upload(Exchange exchange) {
        UploadTask.start(exchange, () -> new FileIntake(uploads.begin()), hashers);
    }

    private record FileIntake(JobUploads.Upload upload) implements UploadSink {

        @Override
        public void write(ByteBuffer bytes) throws IOException {
            upload.write(bytes);
        }

        @Override
        public Reply finish() throws IOException {
            JobFile file = upload.finish();
            return Reply.ok(
                    Json.object().put("sha256", file.digest().toString()).put("size", file.size()));
        }

        @Override
        public void close() throws IOException {
            upload.close();
        }
    }

    private Reply list(Exchange exchange) {
        Page<JobView> page =
                browser.list(exchange.query("model").map(ModelName::parse), exchange.pageBefore(), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("jobs");
        page.items().forEach(job -> list.add(JobJson.job(job)));
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    /** The members of a plan, among those that are none. */
    private static Body body(Exchange exchange) {
        List<String> known = new ArrayList<>(JobPlanReader.FIELDS);
        known.addAll(BESIDE_THE_PLAN);
        return exchange.body(known.toArray(String[]::new));
    }

    private static JobPlan plan(Body body) {
        return JobPlanReader.read(body.only(JobPlanReader.FIELDS));
    }

    private static JobService.Wish wish(Body body) {
        JsonNode secrets = body.member("secrets");
        JsonNode hook = body.member("hook");
        return new JobService.Wish(
                secrets.isMissingNode() || secrets.isNull()
                        ? Optional.empty()
                        : Optional.of(JobPlanReader.secrets(secrets)),
                hook.isMissingNode() || hook.isNull() ? Optional.empty() : Optional.of(body.flag("hook")));
    }

    private Reply create(Exchange exchange) throws IOException {
        Body body = body(exchange);
        return kept(jobs.create(
                JobName.parse(body.required("job")),
                plan(body),
                wish(body),
                exchange.actor(),
                body.string("reason").orElse("")));
    }

    private Reply update(Exchange exchange) throws IOException {
        Body body = body(exchange);
        JobName name = name(exchange);
        if (body.string("job")
                .map(JobName::parse)
                .filter(told -> !told.equals(name))
                .isPresent()) {
            throw ProblemException.invalid(
                    "job",
                    "The body names another job than the address, " + name
                            + ". A job keeps its name: make another one, or leave job out.");
        }
        return kept(jobs.update(
                name,
                plan(body),
                wish(body),
                expected(exchange),
                exchange.actor(),
                body.string("reason").orElse("")));
    }

    private static OptionalLong expected(Exchange exchange) {
        Optional<String> match = exchange.header("If-Match");
        if (match.isEmpty() || match.get().equals("*")) {
            return OptionalLong.empty();
        }
        if (!match.get().matches("\"[0-9]{1,18}\"")) {
            throw ProblemException.invalid("If-Match", "If-Match is the job's ETag, such as \"3\" with its quotes.");
        }
        return OptionalLong.of(Long.parseLong(match.get().replace("\"", "")));
    }

    private static Reply kept(JobService.Kept kept) {
        ObjectNode json = JobJson.job(kept.job());
        kept.hookKey().ifPresent(key -> json.put("hook_key", key));
        return Reply.ok(json).with("ETag", "\"" + kept.job().job().revision() + "\"");
    }

    private Reply pause(Exchange exchange, boolean paused) throws IOException {
        Body body = exchange.optionalBody("reason");
        return Reply.ok(JobJson.job(jobs.pause(
                name(exchange), paused, exchange.actor(), body.string("reason").orElse(""))));
    }

    private Reply start(Exchange exchange) throws IOException {
        Body body = exchange.optionalBody("reason");
        return Reply.ok(JobJson.run(jobs.start(
                name(exchange), exchange.actor(), body.string("reason").orElse(""))));
    }

    private Reply stop(Exchange exchange) throws IOException {
        Body body = exchange.optionalBody("reason");
        return Reply.ok(JobJson.run(jobs.stop(
                exchange.path("run"), exchange.actor(), body.string("reason").orElse(""))));
    }

    private Reply runs(Exchange exchange, Optional<JobName> job) {
        Page<RunView> page = browser.runs(job, exchange.pageBefore(), exchange.pageSize());
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("runs");
        page.items().forEach(run -> list.add(JobJson.run(run)));
        page.next().ifPresent(token -> json.put("next_page_token", token));
        return Reply.ok(json);
    }

    private Reply log(Exchange exchange) throws IOException {
        long from = exchange.wholeQuery("from").orElse(0);
        if (from < 0) {
            throw ProblemException.invalid("from", "from is a number of bytes, 0 or more.");
        }
        JobBrowser.LogPiece piece = browser.log(exchange.path("run"), from);
        int whole = wholeCharacters(piece.bytes(), piece.ended());
        return Reply.ok(Json.object()
                .put("text", new String(piece.bytes(), 0, whole, StandardCharsets.UTF_8))
                .put("next", piece.next() - (piece.bytes().length - whole))
                .put("ended", piece.ended()));
    }

    /** How many of the bytes are whole characters: the last character of a piece may go on in the next one. */
    private static int wholeCharacters(byte[] bytes, boolean ended) {
        for (int back = 1; !ended && back <= Math.min(3, bytes.length); back++) {
            int first = bytes[bytes.length - back] & 0xFF;
            if (first >= 0xC0) {
                int length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
                return length > back && bytes.length > back ? bytes.length - back : bytes.length;
            }
            if (first < 0x80) {
                break;
            }
        }
        return bytes.length;
    }

    private Reply training(Exchange exchange) {
        return Reply.ok(browser.training(
                        ModelsDoor.model(exchange), new Selector.Exact(SemVer.parse(exchange.path("version"))))
                .map(JobJson::whole)
                .orElseThrow(() -> ProblemException.notFound(
                        "No job trained this version: somebody published it by hand, or before there were jobs.")));
    }

    private Reply reproduce(Exchange exchange) throws IOException {
        Body body = exchange.optionalBody("tolerance", "reason");
        return Reply.ok(JobJson.run(reproducer.start(
                ModelsDoor.model(exchange),
                Selector.parse(exchange.path("version")),
                body.number("tolerance", Reproduction.USUAL_TOLERANCE, 0, 1),
                exchange.actor(),
                body.string("reason").orElse(""))));
    }

    private Reply reproductions(Exchange exchange) {
        ObjectNode json = Json.object();
        ArrayNode list = json.putArray("reproductions");
        reproducer
                .of(ModelsDoor.model(exchange), Selector.parse(exchange.path("version")))
                .forEach(run -> list.add(JobJson.run(run)));
        return Reply.ok(json);
    }

    private Reply hook(Exchange exchange) throws IOException {
        return Reply.ok(JobJson.run(hooks.call(
                name(exchange),
                exchange.read(LARGEST_CALL),
                exchange.header("Modelward-Signature"),
                exchange.header("X-Hub-Signature-256"))));
    }
}
