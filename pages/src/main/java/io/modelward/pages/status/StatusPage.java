package io.modelward.pages.status;

import io.modelward.access.state.AccessState;
import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.status.StatusService;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.verify.Verification;
import io.modelward.registry.verify.Verifier;
import io.modelward.runtime.ModelInfo;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** How the server is, and whether all that it stores is as it was written. */
public final class StatusPage {

    private static final String ADDRESS = "/ui/status";
    private static final String VERIFY = ADDRESS + "/verify";

    private final PageSender pages;
    private final StatusService status;
    private final Verifier verifier;
    private final Optional<AccessState> known;
    private final String release;
    private final Instant startedAt;

    /** @param known what the server knows of who may do what; empty: access control is off */
    public StatusPage(
            PageSender pages,
            StatusService status,
            Verifier verifier,
            Optional<AccessState> known,
            String release,
            Instant startedAt) {
        this.pages = pages;
        this.status = status;
        this.verifier = verifier;
        this.known = known;
        this.release = release;
        this.startedAt = startedAt;
    }

    /**
     * How the server is.
     *
     * @param loading the endpoints that wait for their model
     * @param models the versions in memory
     */
    public record StatusView(
            String release,
            Instant startedAt,
            StatusService.Status now,
            List<String> loading,
            List<ModelLine> models,
            Optional<AccessLine> access) {

        /** The versions that cannot answer. */
        public long failed() {
            return models.stream()
                    .filter(line -> line.info().state() == ModelInfo.State.FAILED)
                    .count();
        }

        public boolean ready() {
            return loading.isEmpty();
        }
    }

    /** A version in memory. */
    public record ModelLine(int place, ModelName model, String version, ModelInfo info, int inFlight) {}

    /** What the server knows of who may do what. */
    public record AccessLine(boolean fresh, long tokens) {}

    /** What a verification found. */
    public record VerificationView(Verification found, String of) {}

    public void open(HttpRoute.Table routes, Actions actions) {
        routes.blocking("GET", ADDRESS, Action.READ, this::show);
        actions.openAnswered(routes, VERIFY, Action.READ, StatusPage::verifyForm, this::verify);
    }

    private Reply show(Exchange exchange) {
        StatusService.Status now = status.now();
        List<ModelLine> models = new ArrayList<>();
        now.models()
                .forEach(model -> models.add(new ModelLine(
                        models.size(),
                        model.version().model(),
                        model.version().version().toString(),
                        model.running().info(),
                        model.users())));
        StatusView view = new StatusView(
                release,
                startedAt,
                now,
                status.loading(),
                List.copyOf(models),
                known.map(state -> new AccessLine(state.fresh(), state.size())));
        return pages.page(exchange, Section.STATUS, "Status", "status", view);
    }

    private static ActionForm verifyForm(Exchange exchange) {
        return ActionForm.of(Section.STATUS, "Verify what is stored", VERIFY, "Verify now", ADDRESS)
                .saying("The server reads and hashes what it stores, and compares each hash with the one that was"
                        + " written: manifests, cards and files of versions, files of runs, rows of the catalog and of"
                        + " the audit log, and records of predictions.")
                .saying("Nothing is changed. With many gigabytes it takes minutes; one model takes less.")
                .text(
                        "model",
                        "Model",
                        exchange.query("model").orElse(""),
                        "Such as default/iris. Empty: everything.",
                        false)
                .text(
                        "version",
                        "Version",
                        exchange.query("version").orElse(""),
                        "One version of the model. Empty: all of its versions.",
                        false);
    }

    private Reply verify(Exchange exchange, FormFields fields) {
        Optional<ModelName> model = fields.text("model").map(ModelName::parse);
        Optional<Selector> version = fields.text("version").map(Selector::parse);
        if (model.isEmpty() && version.isPresent()) {
            throw ProblemException.invalid("model", "Name the model of the version too.");
        }
        Verification found = model.isEmpty()
                ? verifier.all()
                : version.isEmpty() ? verifier.model(model.get()) : verifier.version(model.get(), version.get());
        String of = model.map(name -> name + version.map(one -> " " + one).orElse(""))
                .orElse("everything that is stored");
        return pages.page(
                exchange, Section.STATUS, "What was verified", "verification", new VerificationView(found, of));
    }
}
