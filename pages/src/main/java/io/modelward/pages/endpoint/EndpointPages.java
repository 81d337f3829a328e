package io.modelward.pages.endpoint;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.rollout.Quarantine;
import io.modelward.core.route.ArmRole;
import io.modelward.core.search.PageToken;
import io.modelward.core.signature.SignatureWords;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.rollout.RolloutView;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.route.RevisionView;
import io.modelward.gateway.traffic.TrafficService;
import io.modelward.gateway.traffic.TrafficService.ArmTraffic;
import io.modelward.gateway.traffic.TrafficService.Point;
import io.modelward.gateway.traffic.TrafficService.Recent;
import io.modelward.gateway.traffic.TrafficService.Traffic;
import io.modelward.gateway.traffic.TrafficService.Window;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.pages.live.LiveTopic;
import io.modelward.registry.Page;
import io.modelward.runtime.ModelInfo;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

/** The list of endpoints, and the page of an endpoint. */
public final class EndpointPages {

    private static final int REVISIONS = 20;
    private static final int ROLLOUTS = 10;

    private final PageSender pages;
    private final Access access;
    private final EndpointService endpoints;
    private final RolloutService rollouts;
    private final TrafficService traffic;

    public EndpointPages(
            PageSender pages,
            Access access,
            EndpointService endpoints,
            RolloutService rollouts,
            TrafficService traffic) {
        this.pages = pages;
        this.access = access;
        this.endpoints = endpoints;
        this.rollouts = rollouts;
        this.traffic = traffic;
    }

    /** An endpoint in a list. */
    public record EndpointLine(EndpointView endpoint, Recent recent, Optional<RolloutView> atWork) {

        public String name() {
            return endpoint.endpoint().endpoint();
        }

        /** SERVING, LOADING or FAILED, as the API says it. */
        public String state() {
            return state(endpoint);
        }

        /** As above. */
        public static String state(EndpointView endpoint) {
            return switch (endpoint.model().map(ModelInfo::state).orElse(ModelInfo.State.LOADING)) {
                case READY -> "SERVING";
                case LOADING, RESTARTING, CLOSED -> "LOADING";
                case FAILED -> "FAILED";
            };
        }
    }

    /** The list of endpoints. */
    public record EndpointsView(List<EndpointLine> endpoints, boolean release) {}

    /** What of an endpoint's page is live: the last minute, the arms, and the rollout at work. */
    public record NowView(EndpointView endpoint, Recent recent, Optional<RolloutView> atWork) {

        public String name() {
            return endpoint.endpoint().endpoint();
        }

        public String state() {
            return EndpointLine.state(endpoint);
        }

        /** The share of an arm, 0 to 1. */
        public static double share(RevisionView.ArmView arm) {
            return arm.arm().weight() / 10_000.0;
        }
    }

    /** One line of a chart. */
    public record Drawn(String label, String colour) {}

    /** The values of all lines at a time; empty where a line has none. */
    public record Row(Instant at, List<OptionalDouble> values) {}

    /** A chart over time with the table behind it. */
    public record ChartView(String id, String title, String unit, List<Drawn> lines, List<Row> rows) {}

    /** An endpoint. */
    public record EndpointPageView(
            NowView now,
            List<ChartView> charts,
            boolean day,
            List<SignatureWords.Line> input,
            List<SignatureWords.Line> output,
            List<RevisionView> revisions,
            Optional<String> more,
            boolean firstPage,
            List<RolloutView> rollouts,
            List<Quarantine> quarantines,
            String server,
            boolean release,
            boolean delete,
            boolean predict) {

        public String name() {
            return now.name();
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/endpoints", Action.READ, this::list);
        routes.blocking("GET", "/ui/endpoints/{endpoint}", Action.READ, this::show);
    }

    /** All endpoints that the caller may see, each with its last minute. */
    public List<EndpointLine> lines() {
        List<EndpointLine> lines = new ArrayList<>();
        for (EndpointView view : endpoints.list()) {
            EndpointName name = EndpointName.parse(view.endpoint().endpoint());
            lines.add(new EndpointLine(view, traffic.recent(name), atWork(name)));
        }
        return lines;
    }

    /** The newest rollout of an endpoint, if it is at work or waits. */
    private Optional<RolloutView> atWork(EndpointName name) {
        return newest(name, 2).stream()
                .filter(view -> !view.rollout().state().ended())
                .findFirst();
    }

    /** An endpoint may be deleted between two looks. */
    private List<RolloutView> newest(EndpointName name, int size) {
        try {
            return rollouts.list(name, Long.MAX_VALUE, size).items();
        } catch (ProblemException gone) {
            return List.of();
        }
    }

    private Reply list(Exchange exchange) {
        boolean release = access.reach(Action.RELEASE).anything();
        return pages.page(exchange, Section.ENDPOINTS, "Endpoints", "endpoints", new EndpointsView(lines(), release));
    }

    /** The live part of an endpoint's page. */
    public LiveTopic topic() {
        return new LiveTopic() {
            @Override
            public boolean visible(String key) {
                return access.allows(Action.READ, new Resource.Endpoint(key));
            }

            @Override
            public String render(String key) {
                return pages.part("tag/endpoint_now", now(EndpointName.parse(key)));
            }
        };
    }

    private NowView now(EndpointName name) {
        return new NowView(endpoints.get(name), traffic.recent(name), atWork(name));
    }

    private Reply show(Exchange exchange) {
        EndpointName name = EndpointName.parse(exchange.path("endpoint"));
        NowView now = now(name);
        boolean day = exchange.query("window").orElse("hour").equals("day");
        Page<RevisionView> revisions = endpoints.revisions(name, exchange.pageBefore(), REVISIONS);
        Resource.Endpoint resource = new Resource.Endpoint(name.value());
        EndpointPageView view = new EndpointPageView(
                now,
                charts(traffic.of(name, day ? Window.DAY : Window.HOUR), now.endpoint()),
                day,
                SignatureWords.input(now.endpoint().revision().kept().contract()),
                SignatureWords.output(now.endpoint().revision().kept().contract()),
                revisions.items(),
                revisions
                        .next()
                        .map(next -> Words.endpointLink(name.value()) + "?page_token="
                                + Words.query(PageToken.ofKey(next)) + "#history"),
                exchange.query("page_token").isEmpty(),
                newest(name, ROLLOUTS),
                rollouts.quarantines(name),
                ClientAddress.server(exchange.request()),
                access.allows(Action.RELEASE, resource),
                access.allows(Action.DELETE, resource),
                access.allows(Action.PREDICT, resource));
        return pages.page(exchange, Section.ENDPOINTS, "Endpoint " + name, "endpoint", view);
    }

    private static List<ChartView> charts(Traffic traffic, EndpointView endpoint) {
        if (traffic.arms().isEmpty()) {
            return List.of();
        }
        List<ArmTraffic> arms = traffic.arms().stream().limit(6).toList();
        String[] colours = {"a", "b", "c", "d", "e", "f"};
        String model = endpoint.revision().active().arm().model().toString();
        List<Drawn> lines = new ArrayList<>();
        for (int i = 0; i < arms.size(); i++) {
            ArmTraffic arm = arms.get(i);
            String name = arm.model().equals(model) ? arm.version() : arm.model() + "@" + arm.version();
            lines.add(new Drawn(
                    name + (arm.role().equals(ArmRole.ACTIVE.label()) ? "" : " as " + arm.role()), colours[i]));
        }
        return List.of(
                chart("rate", "Requests per second, by version", "/s", lines, arms, Point::rate),
                chart("errors", "Failed requests, % of a version's", "%", lines, arms, point -> 100 * point.errors()),
                chart("p50", "Latency, median, ms", "ms", lines, arms, Point::p50),
                chart("p99", "Latency, 99th percentile, ms", "ms", lines, arms, Point::p99));
    }

    private static ChartView chart(
            String id,
            String title,
            String unit,
            List<Drawn> lines,
            List<ArmTraffic> arms,
            ToDoubleFunction<Point> value) {
        TreeMap<Instant, List<OptionalDouble>> rows = new TreeMap<>();
        for (int i = 0; i < arms.size(); i++) {
            for (Point point : arms.get(i).points()) {
                Instant at = Instant.ofEpochSecond(point.from().getEpochSecond() / 10 * 10);
                List<OptionalDouble> values = rows.computeIfAbsent(at, _ -> {
                    List<OptionalDouble> empty = new ArrayList<>();
                    arms.forEach(_ -> empty.add(OptionalDouble.empty()));
                    return empty;
                });
                values.set(i, OptionalDouble.of(value.applyAsDouble(point)));
            }
        }
        List<Row> all = new ArrayList<>();
        rows.forEach((at, values) -> all.add(new Row(at, List.copyOf(values))));
        return new ChartView(id, title, unit, lines, all);
    }
}
