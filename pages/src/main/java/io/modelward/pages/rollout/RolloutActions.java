package io.modelward.pages.rollout;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.PlanReader;
import io.modelward.core.rollout.Rollout;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutService.RolloutStart;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.EndpointService;
import io.modelward.pages.frame.ActionForm;
import io.modelward.pages.frame.Actions;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.VersionField;
import io.modelward.pages.frame.Words;
import io.modelward.registry.Actor;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** What people tell rollouts to do. */
public final class RolloutActions {

    private static final String ROLLOUT = "/ui/rollouts/{rollout}/";

    private final Actions actions;
    private final RolloutService rollouts;
    private final EndpointService endpoints;
    private final VersionField versions;

    public RolloutActions(Actions actions, RolloutService rollouts, EndpointService endpoints, VersionField versions) {
        this.actions = actions;
        this.rollouts = rollouts;
        this.endpoints = endpoints;
        this.versions = versions;
    }

    /** What a person tells a rollout. */
    @FunctionalInterface
    private interface Tell {
        RolloutView tell(String id, Actor actor, String reason);
    }

    public void open(HttpRoute.Table routes) {
        actions.open(routes, "/ui/endpoints/{endpoint}/rollout", Action.RELEASE, this::startForm, this::start);
        order(
                routes,
                "promote",
                "Promote",
                List.of(
                        "The candidate gets all requests now and is the active version from then on.",
                        "The steps that are left are not taken, and the evidence decides nothing any more."),
                false,
                rollouts::promote);
        order(
                routes,
                "hold",
                "Hold",
                List.of(
                        "The rollout stays in its step with the split that it has, until somebody resumes it.",
                        "The limits go on watching: when one is crossed that rolls back, the rollout is rolled back."),
                false,
                rollouts::hold);
        order(
                routes,
                "resume",
                "Resume",
                List.of("The rollout goes on from its step.", "What held it is accepted once, with your reason."),
                false,
                rollouts::resume);
        order(
                routes,
                "abort",
                "Abort",
                List.of(
                        "The candidate gets no more requests, and the endpoint is where it was before.",
                        "The candidate is put into quarantine: it may not serve here until somebody releases it."),
                true,
                rollouts::abort);
    }

    private void order(
            HttpRoute.Table routes, String word, String label, List<String> says, boolean danger, Tell tell) {
        actions.open(
                routes,
                ROLLOUT + word,
                Action.RELEASE,
                exchange -> {
                    Rollout rollout = rollouts.get(exchange.path("rollout")).rollout();
                    String link = Words.rolloutLink(rollout.id());
                    ActionForm form = ActionForm.of(
                            Section.ENDPOINTS,
                            label + " the rollout of " + rollout.endpoint() + " to "
                                    + rollout.candidate().version(),
                            link + "/" + word,
                            label,
                            link);
                    for (String sentence : says) {
                        form = form.saying(sentence);
                    }
                    form = form.text("reason", "Reason", "", "The history and the audit log keep the reason.", true);
                    return danger ? form.dangerous() : form;
                },
                (exchange, fields) -> {
                    String id = exchange.path("rollout");
                    tell.tell(id, exchange.actor(), fields.required("reason"));
                    return Words.rolloutLink(id);
                });
    }

    private ActionForm startForm(Exchange exchange) {
        String endpoint = exchange.path("endpoint");
        var view = endpoints.get(EndpointName.parse(endpoint));
        var active = view.revision().active().arm();
        String link = Words.endpointLink(endpoint);
        ActionForm form = ActionForm.of(
                        Section.ENDPOINTS,
                        "Start a rollout of " + endpoint,
                        link + "/rollout",
                        "Start the rollout",
                        link)
                .saying("Requests move from " + active.version()
                        + " to the candidate step by step. Errors and latency of" + " both are compared all the time.")
                .saying("When it is proven that the candidate is worse than its limits allow, the candidate loses all"
                        + " requests, without waiting for a person.")
                .hidden("revision", Long.toString(view.revision().revision()));
        form = versions.add(form, "candidate", "Candidate", active, exchange.query("version"));
        return form.choice(
                        "strategy",
                        "Strategy",
                        "canary",
                        List.of("canary", "blue-green"),
                        "Canary moves requests in steps; blue-green moves all at once and watches.")
                .text(
                        "steps",
                        "Steps, % of the requests",
                        "5, 25, 50, 100",
                        "Of a canary: ascending, with commas.",
                        false)
                .text("min_dwell", "Least time in each step", "30s", "Such as 5s or 10m.", false)
                .text("min_samples", "Least requests to the candidate in each step", "100", "", false)
                .choice(
                        "gate",
                        "What a step must show",
                        "no-harm",
                        List.of("no-harm", "non-inferior", "approval"),
                        "no-harm: no limit is crossed. non-inferior: proven not worse. approval: a person says so.")
                .choice("on_halt", "When a halt limit is crossed", "hold", List.of("hold", "rollback"), "")
                .lines(
                        "plan",
                        "Further members of the plan, as JSON",
                        "",
                        "Such as {\"latency\": {\"quantile\": 0.95}}; the page /docs has all members.")
                .text("reason", "Reason", "", "The history and the audit log keep the reason.", false);
    }

    private String start(Exchange exchange, FormFields fields) {
        ObjectNode plan = plan(fields);
        ObjectNode request = plan.deepCopy();
        request.put("candidate", fields.required("candidate"));
        RolloutView started = rollouts.start(new RolloutStart(
                EndpointName.parse(exchange.path("endpoint")),
                Optional.empty(),
                candidate(fields),
                PlanReader.read(plan),
                false,
                fields.number("revision"),
                Optional.empty(),
                Json.write(request),
                exchange.actor(),
                fields.text("reason").orElse("")));
        return Words.rolloutLink(started.rollout().id());
    }

    private static Selector candidate(FormFields fields) {
        return Selector.parse(fields.required("candidate"));
    }

    /** The plan as the API takes it; what the form leaves out has the API's defaults. */
    private static ObjectNode plan(FormFields fields) {
        ObjectNode plan = Json.object();
        fields.text("plan").filter(text -> !text.isBlank()).ifPresent(text -> {
            if (!(Json.parse(text, "plan") instanceof ObjectNode more)) {
                throw ProblemException.invalid(
                        "plan", "The further members are a JSON object, such as {\"bake\": \"10m\"}.");
            }
            plan.setAll(more);
        });
        for (String name : List.of("strategy", "min_dwell", "gate", "on_halt")) {
            fields.text(name).ifPresent(value -> plan.put(name, value.strip()));
        }
        fields.text("min_samples").ifPresent(value -> plan.put("min_samples", whole(value)));
        boolean canary = fields.text("strategy").orElse("canary").equals("canary");
        fields.text("steps").filter(_ -> canary).ifPresent(value -> {
            ArrayNode steps = plan.putArray("steps");
            for (String step : value.strip().split("[,;\\s]+", -1)) {
                steps.add(number(step.replace("%", "")));
            }
        });
        return plan;
    }

    private static long whole(String text) {
        String plain = text.strip().replace(",", "");
        if (!plain.matches("[0-9]{1,10}")) {
            throw ProblemException.invalid("min_samples", "The least number of requests is a whole number.");
        }
        return Long.parseLong(plain);
    }

    private static double number(String text) {
        try {
            return Double.parseDouble(text);
        } catch (NumberFormatException noNumber) {
            throw ProblemException.invalid(
                    "steps", "Steps are percentages with commas between them, such as 5, 25, 50, 100.");
        }
    }
}
