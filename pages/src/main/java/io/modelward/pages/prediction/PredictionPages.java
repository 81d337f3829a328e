package io.modelward.pages.prediction;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.prediction.RecordPlace;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.time.Moments;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.trace.StatusRange;
import io.modelward.gateway.trace.TraceService;
import io.modelward.gateway.trace.TraceService.Decisions;
import io.modelward.gateway.trace.TraceService.Trace;
import io.modelward.gateway.trace.TraceService.TracedDecision;
import io.modelward.pages.frame.AuditWords;
import io.modelward.pages.frame.AuditWords.AuditLine;
import io.modelward.pages.frame.Filters;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.verify.Damage;
import io.modelward.registry.verify.Verification;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** Which model said this: the records of predictions, and the whole chain behind one. */
public final class PredictionPages {

    private static final String LIST = "/ui/predictions";
    private static final int A_PAGE = 50;
    private static final int LONGEST_ID = 200;
    /** Files that the page lists; those that are damaged are listed all. */
    private static final int MOST_FILES = 500;

    private static final List<String> FIELDS = List.of("endpoint", "model", "version", "status", "since", "until");

    private final PageSender pages;
    private final Access access;
    private final TraceService traces;

    public PredictionPages(PageSender pages, Access access, TraceService traces) {
        this.pages = pages;
        this.access = access;
        this.traces = traces;
    }

    /** What the caller may look at besides the record. */
    public record Rights(boolean endpoint, boolean model, boolean run) {}

    /** A record in the list. */
    public record RecordLine(TracedDecision decision, Rights rights) {}

    /**
     * The records that fit.
     *
     * @param problem why they could not be listed
     * @param more the address of the next part of the list
     */
    public record PredictionsView(
            List<RecordLine> found, Filters filters, Optional<Problem> problem, Optional<String> more) {}

    /**
     * A file of the version that answered.
     *
     * @param wrong what is wrong with its stored bytes; empty: nothing, or they were not looked at
     */
    public record CheckedFile(FileEntry file, Optional<String> wrong) {}

    /**
     * Everything about one prediction, from the request to the data that the model was made of.
     *
     * @param files the first files, and all that are damaged
     * @param left how many files are left out
     * @param beside what is damaged besides the files themselves: the manifest or the card
     */
    public record PredictionView(
            Trace trace, List<CheckedFile> files, int left, List<Damage> beside, List<AuditLine> audit, Rights rights) {

        public TracedDecision decision() {
            return trace.decision();
        }

        public String id() {
            return trace.decision().id().toString();
        }

        public ModelName model() {
            return trace.decision().arm().model();
        }

        public String version() {
            return trace.decision().arm().version().toString();
        }

        public boolean answered() {
            return trace.decision().record().status() < 400;
        }

        /** Where the version came from, as the API tells it. */
        public JsonNode provenance() {
            return trace.version()
                    .provenance()
                    .map(one -> (JsonNode) one.toJson())
                    .orElse(Json.object());
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", LIST, Action.AUDIT, this::list);
        routes.blocking("GET", LIST + "/{prediction}", Action.AUDIT, this::show);
    }

    private Reply list(Exchange exchange) {
        String id = exchange.query("id").orElse("").strip();
        if (!id.isEmpty()) {
            String cut = id.length() > LONGEST_ID ? id.substring(0, LONGEST_ID) : id;
            return Reply.redirect(303, LIST + "/" + Words.segment(cut));
        }
        Filters filters = Filters.of(exchange, FIELDS);
        try {
            Decisions decisions = find(exchange, filters);
            return list(
                    exchange,
                    200,
                    new PredictionsView(
                            decisions.found().stream()
                                    .map(decision -> new RecordLine(decision, rights(decision, "")))
                                    .toList(),
                            filters,
                            Optional.empty(),
                            decisions.next().map(next -> filters.more(LIST, next.token()))));
        } catch (ProblemException refused) {
            Problem problem = refused.problem();
            if (problem.type() != ProblemType.INVALID && problem.type() != ProblemType.NOT_FOUND) {
                throw refused;
            }
            return list(
                    exchange,
                    problem.type().status(),
                    new PredictionsView(List.of(), filters, Optional.of(problem), Optional.empty()));
        }
    }

    private Decisions find(Exchange exchange, Filters filters) {
        Optional<ModelName> model = filters.filled("model").map(ModelName::parse);
        Optional<Selector> version = filters.filled("version").map(Selector::parse);
        if (model.isEmpty() && version.isPresent()) {
            throw ProblemException.invalid("model", "Name the model of the version too.");
        }
        return traces.decisions(
                new TraceService.RecordFilter(
                        filters.filled("endpoint"),
                        model,
                        version,
                        filters.filled("since").map(text -> Moments.parse("since", text)),
                        filters.filled("until").map(text -> Moments.parse("until", text)),
                        StatusRange.parse(filters.get("status"))),
                exchange.pageToken().map(RecordPlace::ofKey),
                A_PAGE);
    }

    private Reply list(Exchange exchange, int status, PredictionsView view) {
        return pages.page(exchange, status, Section.PREDICTIONS, "Predictions", "predictions", view);
    }

    private Reply show(Exchange exchange) {
        Trace trace = traces.trace(exchange.path("prediction"), exchange.flag("verify"));
        List<Damage> damaged = trace.verification().map(Verification::damaged).orElse(List.of());
        Map<String, List<Damage>> byPath = damaged.stream().collect(Collectors.groupingBy(Damage::path));
        List<FileEntry> all = trace.version().published().manifest().files();
        List<CheckedFile> files = new ArrayList<>();
        for (FileEntry file : all) {
            Optional<String> wrong = byPath.getOrDefault(file.path().value(), List.of()).stream()
                    .filter(damage -> is(damage, file))
                    .map(Damage::what)
                    .findFirst();
            if (files.size() < MOST_FILES || wrong.isPresent()) {
                files.add(new CheckedFile(file, wrong));
            }
        }
        Map<String, List<FileEntry>> named = files.stream()
                .map(CheckedFile::file)
                .collect(Collectors.groupingBy(file -> file.path().value()));
        List<Damage> beside = damaged.stream()
                .filter(damage ->
                        named.getOrDefault(damage.path(), List.of()).stream().noneMatch(file -> is(damage, file)))
                .toList();
        return pages.page(
                exchange,
                Section.PREDICTIONS,
                "Prediction " + trace.decision().id(),
                "prediction",
                new PredictionView(
                        trace,
                        List.copyOf(files),
                        all.size() - files.size(),
                        beside,
                        trace.audit().stream()
                                .map(entry -> AuditWords.of(entry, access))
                                .toList(),
                        rights(
                                trace.decision(),
                                trace.version()
                                        .provenance()
                                        .flatMap(one -> one.origin().run())
                                        .orElse(""))));
    }

    /** @param run empty: the version came from none */
    private Rights rights(TracedDecision decision, String run) {
        return new Rights(
                access.allows(Action.READ, new Resource.Endpoint(decision.endpoint())),
                access.allows(Action.READ, new Resource.Model(decision.arm().model())),
                !run.isEmpty() && access.allows(Action.READ, new Resource.Run(run)));
    }

    /** A file may be called as the manifest or the card is: the digest tells which of them is meant. */
    private static boolean is(Damage damage, FileEntry file) {
        return damage.path().equals(file.path().value())
                && damage.expected().filter(file.sha256()::equals).isPresent();
    }
}
