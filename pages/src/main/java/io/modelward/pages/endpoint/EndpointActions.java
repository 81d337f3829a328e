package io.modelward.pages.endpoint;

import io.modelward.core.access.Action;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.route.Arm;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.core.version.SemVer;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.route.EndpointRemover;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.Mover;
import io.modelward.gateway.route.Mover.Move;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.VersionField;
import io.modelward.pages.frame.Words;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import java.util.Optional;

/** What people do with endpoints: make, flip, roll back, delete them, and release versions from quarantine. */
public final class EndpointActions {

    private static final String ENDPOINT = "/ui/endpoints/{endpoint}";

    private final Actions actions;
    private final EndpointService endpoints;
    private final Mover mover;
    private final EndpointRemover remover;
    private final RolloutService rollouts;
    private final VersionField versions;

    public EndpointActions(
            Actions actions,
            EndpointService endpoints,
            Mover mover,
            EndpointRemover remover,
            RolloutService rollouts,
            VersionField versions) {
        this.actions = actions;
        this.endpoints = endpoints;
        this.mover = mover;
        this.remover = remover;
        this.rollouts = rollouts;
        this.versions = versions;
    }

    public void open(HttpRoute.Table routes) {
        actions.open(routes, "/ui/new-endpoint", Action.RELEASE, EndpointActions::newForm, this::create);
        actions.open(routes, ENDPOINT + "/flip", Action.RELEASE, this::flipForm, this::flip);
        actions.open(routes, ENDPOINT + "/rollback", Action.RELEASE, this::rollbackForm, this::rollback);
        actions.open(routes, ENDPOINT + "/delete", Action.DELETE, this::deleteForm, this::delete);
        actions.open(routes, ENDPOINT + "/release", Action.RELEASE, EndpointActions::releaseForm, this::release);
    }

    static EndpointName name(Exchange exchange) {
        return EndpointName.parse(exchange.path("endpoint"));
    }

    static Arm active(EndpointView view) {
        return view.revision().active().arm();
    }

    private static ActionForm newForm(Exchange exchange) {
        String model = exchange.query("model").orElse("");
        return ActionForm.of(
                        Section.ENDPOINTS, "Serve a version", "/ui/new-endpoint", "Make the endpoint", "/ui/endpoints")
                .saying(
                        "The endpoint is made when the version has loaded. Predictions are sent to /predict/ and the name of"
                                + " the endpoint.")
                .saying("The signature of the version becomes the contract that callers rely on.")
                .text(
                        "endpoint",
                        "Endpoint",
                        model.isEmpty() ? "" : ModelName.parse(model).name(),
                        "A new name.",
                        true)
                .text("model", "Model", model, "namespace/name, or a name in the namespace default.", true)
                .text(
                        "version",
                        "Version",
                        exchange.query("version").orElse("latest"),
                        "A number such as 1.2.0, latest, or an alias with @.",
                        true)
                .reason();
    }

    private String create(Exchange exchange, FormFields fields) {
        EndpointName name = EndpointName.parse(fields.required("endpoint"));
        boolean there = endpoints.list().stream()
                .anyMatch(view -> view.endpoint().endpoint().equals(name.value()));
        if (there) {
            throw ProblemException.invalid(
                    "endpoint", "There is an endpoint " + name + " already. Flip it, or choose another name.");
        }
        return move(
                exchange,
                name,
                "flip",
                Optional.of(ModelName.parse(fields.required("model"))),
                Optional.of(Selector.parse(fields.required("version"))),
                fields);
    }

    private ActionForm flipForm(Exchange exchange) {
        EndpointView view = endpoints.get(name(exchange));
        Arm active = active(view);
        String link = Words.endpointLink(view.endpoint().endpoint());
        ActionForm form = ActionForm.of(
                        Section.ENDPOINTS, "Flip " + view.endpoint().endpoint(), link + "/flip", "Flip", link)
                .saying(
                        "All requests go to the version that you choose, at once, when it has loaded. Nobody watches over the"
                                + " move: a rollout does.")
                .saying("Now " + active.model() + " " + active.version() + " answers. Roll back brings it back.")
                .saying("A version that breaks the contract is refused, and nothing changes then.")
                .hidden("revision", Long.toString(view.revision().revision()));
        return versions.add(form, "version", "Version", active, exchange.query("version"))
                .tick(
                        "change_contract",
                        "Change the contract too",
                        "Callers who relied on the old contract may get errors.")
                .text("reason", "Reason", "", "The history and the audit log keep the reason.", true);
    }

    private String flip(Exchange exchange, FormFields fields) {
        fields.required("reason");
        return move(
                exchange,
                name(exchange),
                "flip",
                Optional.empty(),
                Optional.of(Selector.parse(fields.required("version"))),
                fields);
    }

    private ActionForm rollbackForm(Exchange exchange) {
        EndpointView view = endpoints.get(name(exchange));
        Arm active = active(view);
        String link = Words.endpointLink(view.endpoint().endpoint());
        ActionForm form = ActionForm.of(
                Section.ENDPOINTS, "Roll back " + view.endpoint().endpoint(), link + "/rollback", "Roll back", link);
        try {
            Arm before = endpoints.before(name(exchange)).active().arm();
            form = form.saying("All requests go back from " + active.version() + " to " + before.model() + " "
                            + before.version() + ", at once.")
                    .saying("A rollback never goes forward: a second one goes further back.");
        } catch (ProblemException none) {
            form = form.saying(none.plain().detail());
        }
        return form.hidden("revision", Long.toString(view.revision().revision()))
                .tick("change_contract", "Change the contract too", "")
                .text("reason", "Reason", "", "The history and the audit log keep the reason.", true);
    }

    private String rollback(Exchange exchange, FormFields fields) {
        fields.required("reason");
        return move(exchange, name(exchange), "rollback", Optional.empty(), Optional.empty(), fields);
    }

    private String move(
            Exchange exchange,
            EndpointName name,
            String cause,
            Optional<ModelName> model,
            Optional<Selector> version,
            FormFields fields) {
        mover.move(
                name,
                new Move(
                        cause,
                        model,
                        version,
                        fields.number("revision"),
                        fields.ticked("change_contract"),
                        exchange.actor(),
                        fields.text("reason").orElse("")));
        return Words.endpointLink(name.value());
    }

    private ActionForm deleteForm(Exchange exchange) {
        EndpointView view = endpoints.get(name(exchange));
        String name = view.endpoint().endpoint();
        String link = Words.endpointLink(name);
        return ActionForm.of(Section.ENDPOINTS, "Delete " + name, link + "/delete", "Delete the endpoint", link)
                .saying("Predictions sent to " + name + " get an error from then on.")
                .saying("What the endpoint answered can still be traced, and its history is kept.")
                .hidden("revision", Long.toString(view.revision().revision()))
                .text("confirm", "Name of the endpoint", "", "Write " + name + " to show that you mean it.", true)
                .reason()
                .dangerous();
    }

    private String delete(Exchange exchange, FormFields fields) {
        EndpointName name = name(exchange);
        if (!fields.text("confirm").orElse("").strip().equals(name.value())) {
            throw ProblemException.invalid("confirm", "Write " + name + " to show that you mean it.");
        }
        remover.delete(
                name,
                fields.number("revision"),
                exchange.actor(),
                fields.text("reason").orElse(""));
        return "/ui/endpoints";
    }

    private static ActionForm releaseForm(Exchange exchange) {
        String link = Words.endpointLink(exchange.path("endpoint"));
        String version = exchange.query("version").orElse("");
        return ActionForm.of(
                        Section.ENDPOINTS,
                        "Release " + version + " from quarantine",
                        link + "/release?version=" + Words.query(version),
                        "Release",
                        link)
                .saying("The version may serve at " + exchange.path("endpoint") + " again. It does not begin to serve.")
                .text("version", "Version", version, "", true)
                .text("reason", "Reason", "", "Why the version may serve again. The audit log keeps the reason.", true)
                .dangerous();
    }

    private String release(Exchange exchange, FormFields fields) {
        EndpointName name = name(exchange);
        rollouts.release(name, SemVer.parse(fields.required("version")), exchange.actor(), fields.required("reason"));
        return Words.endpointLink(name.value());
    }
}
