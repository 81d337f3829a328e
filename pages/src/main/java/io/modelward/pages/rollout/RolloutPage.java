package io.modelward.pages.rollout;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.evidence.ArmCounts;
import io.modelward.core.rollout.Guardrail;
import io.modelward.core.rollout.LimitMonitor.Reading;
import io.modelward.core.rollout.RolloutPlan;
import io.modelward.core.rollout.RolloutState;
import io.modelward.core.rollout.RolloutWords;
import io.modelward.gateway.rollout.RolloutSeries.Point;
import io.modelward.gateway.rollout.RolloutSeries.Series;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.rollout.SensitivityWords;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.pages.live.LiveTopic;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The page of a rollout. */
public final class RolloutPage {

    private static final int NEWS = 3;

    private final PageSender pages;
    private final Access access;
    private final RolloutService rollouts;
    private final SensitivityWords sensitivity = new SensitivityWords();

    public RolloutPage(PageSender pages, Access access, RolloutService rollouts) {
        this.pages = pages;
        this.access = access;
        this.rollouts = rollouts;
    }

    /** A step of the plan, and where the rollout is in words. */
    public record StepView(int number, double share, boolean done, boolean now, String words) {}

    /**
     * A limit and how far its evidence has come.
     *
     * @param filled the part of the evidence that is enough, 0 to 1
     */
    public record LimitView(
            String name,
            String margin,
            String evidence,
            String enough,
            double filled,
            boolean crossed,
            boolean rollback) {}

    /** An arm with what was counted. */
    public record ArmLine(String role, String version, ArmCounts errors, String colour) {}

    /**
     * What of the page is live.
     *
     * @param news the newest points of the charts
     */
    public record RolloutNow(
            RolloutView rollout,
            List<StepView> steps,
            double share,
            List<ArmLine> arms,
            List<LimitView> limits,
            Series news) {

        public String id() {
            return rollout.rollout().id();
        }

        public RolloutState state() {
            return rollout.rollout().state();
        }
    }

    /** The page. */
    public record RolloutPageView(
            RolloutNow now, Series series, List<String> limits, List<String> sees, boolean latency, boolean release) {

        public String id() {
            return now.id();
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/rollouts/{rollout}", Action.READ, this::show);
    }

    /** The live part of the page. */
    public LiveTopic topic() {
        return new LiveTopic() {
            @Override
            public boolean visible(String key) {
                return access.allows(Action.READ, new Resource.Rollout(key));
            }

            @Override
            public String render(String key) {
                return pages.part("tag/rollout_now", now(rollouts.get(key), rollouts.series(key)));
            }
        };
    }

    private Reply show(Exchange exchange) {
        RolloutView view = rollouts.get(exchange.path("rollout"));
        Series series = rollouts.series(view.rollout().id());
        RolloutPlan plan = view.rollout().plan();
        RolloutPageView page = new RolloutPageView(
                now(view, series),
                series,
                RolloutWords.limits(plan),
                sensitivity.of(plan),
                series.points().stream()
                        .anyMatch(point -> !Double.isNaN(point.slow().share())),
                access.allows(
                        Action.RELEASE, new Resource.Endpoint(view.rollout().endpoint())));
        return pages.page(
                exchange,
                Section.ENDPOINTS,
                "Rollout of " + view.rollout().endpoint() + " to "
                        + view.rollout().candidate().version() + " ("
                        + view.kept().number() + ")",
                "rollout",
                page);
    }

    private static RolloutNow now(RolloutView view, Series series) {
        RolloutPlan plan = view.rollout().plan();
        RolloutState state = view.rollout().state();
        int step = view.rollout().progress().step();
        List<StepView> steps = new ArrayList<>();
        for (int i = 0; i < plan.steps().size(); i++) {
            boolean done = state == RolloutState.PROMOTED || i < step;
            boolean now = i == step && state.serving();
            String words =
                    done ? "passed" : now ? "now" : !state.ended() ? "to come" : i == step ? "ended here" : "not taken";
            steps.add(new StepView(i + 1, plan.weight(i) / 10_000.0, done, now, words));
        }
        List<Reading> readings = view.readings();
        ArmCounts candidate = ArmCounts.NONE;
        ArmCounts active = ArmCounts.NONE;
        for (Reading reading : readings) {
            if (reading.guardrail() == Guardrail.ERRORS) {
                candidate = reading.candidate();
                active = reading.active();
            }
        }
        List<ArmLine> arms = List.of(
                new ArmLine("candidate", view.rollout().candidate().version().toString(), candidate, "b"),
                new ArmLine("active", view.rollout().active().version().toString(), active, "a"));
        List<Point> points = series.points();
        return new RolloutNow(
                view,
                steps,
                share(view),
                arms,
                readings.stream().map(RolloutPage::limit).toList(),
                new Series(series.limits(), points.subList(Math.max(0, points.size() - NEWS), points.size())));
    }

    private static double share(RolloutView view) {
        return switch (view.rollout().state()) {
            case RUNNING, HELD, BAKING ->
                view.rollout().plan().weight(view.rollout().progress().step()) / 10_000.0;
            case PROMOTED -> 1;
            default -> 0;
        };
    }

    private static LimitView limit(Reading reading) {
        double threshold = reading.limit().logThreshold();
        return new LimitView(
                name(reading),
                points(100 * reading.limit().margin().points())
                        + (reading.limit().margin().ratio() == 1
                                ? ""
                                : ", ratio "
                                        + Words.number(reading.limit().margin().ratio())),
                odds(reading.logRestart()),
                odds(threshold),
                Math.max(0, Math.min(1, reading.logRestart() / threshold)),
                reading.crossed(),
                reading.rollback());
    }

    private static String points(double points) {
        return points == 1 ? "1 point" : Words.number(points) + " points";
    }

    /** The name of a limit, such as errors rollback. */
    public static String name(Reading reading) {
        return reading.guardrail().label() + " " + (reading.rollback() ? "rollback" : "halt");
    }

    /** Evidence in nats as odds, such as 20 : 1. */
    private static String odds(double nats) {
        if (nats <= 0) {
            return "none";
        }
        return nats > 13.8 ? "> 1,000,000 : 1" : String.format(Locale.ROOT, "%,d : 1", Math.round(Math.exp(nats)));
    }
}
