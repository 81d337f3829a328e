package io.modelward.pages.model;

import io.modelward.core.access.Action;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.gateway.traffic.TrafficService;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.compare.CompareService;
import io.modelward.registry.compare.CompareService.VersionComparison;
import io.modelward.registry.version.VersionService;
import io.modelward.registry.version.VersionService.VersionWithProvenance;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.databind.JsonNode;

/** The page that compares versions of a model: what changed. */
public final class ComparePage {

    private static final int MOST = 6;
    /** Rows of one table: a card may have a hundred thousand members. */
    private static final int MOST_LINES = 300;
    /** Longer values are cut. */
    private static final int LONGEST = 2000;

    private final PageSender pages;
    private final VersionService versions;
    private final CompareService compare;
    private final EndpointService endpoints;
    private final TrafficService traffic;

    public ComparePage(
            PageSender pages,
            VersionService versions,
            CompareService compare,
            EndpointService endpoints,
            TrafficService traffic) {
        this.endpoints = endpoints;
        this.traffic = traffic;
        this.pages = pages;
        this.versions = versions;
        this.compare = compare;
    }

    /**
     * A value in each version.
     *
     * @param values in the order of the versions, long ones cut; empty texts where a version has none
     * @param changed of each version, whether its whole value is not that of the first
     */
    public record Line(String name, List<String> values, List<Boolean> changed) {

        public boolean differs() {
            return changed.contains(true);
        }
    }

    /**
     * The rows of a table.
     *
     * @param left how many were left out
     */
    public record Lines<T>(List<T> shown, int left) {

        static <T> Lines<T> of(List<T> all) {
            List<T> first = List.copyOf(all.subList(0, Math.min(MOST_LINES, all.size())));
            return new Lines<>(first, all.size() - first.size());
        }
    }

    /**
     * A metric in each version.
     *
     * @param least the least value among them, and {@code most} the largest, for the small chart
     */
    public record MetricLine(String name, List<OptionalDouble> values, double least, double most) {

        /** How far a value is from that of the first version; empty where either has none. */
        public String change(int version) {
            OptionalDouble first = values.getFirst();
            OptionalDouble value = values.get(version);
            if (version == 0 || first.isEmpty() || value.isEmpty()) {
                return "";
            }
            double change = value.getAsDouble() - first.getAsDouble();
            return change == 0 ? "same" : (change > 0 ? "+" : "−") + Words.number(Math.abs(change));
        }

        /** The length of a value's bar, 0 to 100: beyond the least value, so that small differences show. */
        public long bar(int version) {
            OptionalDouble value = values.get(version);
            if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) {
                return 0;
            }
            double floor = least >= 0 && least < most / 2 ? 0 : least - (most - least) * 0.5;
            double span = most - floor;
            return span <= 0 ? 100 : Math.round(100 * (value.getAsDouble() - floor) / span);
        }
    }

    /** How a version served at an endpoint over the last day. */
    public record LiveLine(String version, String endpoint, String role, TrafficService.Served served) {}

    /**
     * A comparison.
     *
     * @param pairs the first version beside each of the others
     */
    public record CompareView(
            ModelName model,
            List<VersionWithProvenance> versions,
            List<VersionComparison> pairs,
            Lines<MetricLine> metrics,
            Lines<Line> parameters,
            Lines<Line> tags,
            Lines<Line> files,
            Lines<Line> card,
            List<LiveLine> live,
            boolean onlyDifferent,
            String address) {

        public String number(int version) {
            return versions.get(version).published().summary().version().toString();
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/compare", Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        ModelName model = ModelName.parse(exchange.requiredQuery("model"));
        List<String> wanted = exchange.queries("version").stream()
                .filter(text -> !text.isBlank())
                .distinct()
                .toList();
        if (wanted.size() < 2 || wanted.size() > MOST) {
            throw ProblemException.invalid(
                    "version", "Choose 2 to " + MOST + " versions to compare; " + wanted.size() + " are chosen.");
        }
        List<VersionWithProvenance> found = new ArrayList<>();
        for (String text : wanted) {
            found.add(versions.version(model, Selector.parse(text)));
        }
        found.sort((a, b) -> a.published()
                .summary()
                .version()
                .compareTo(b.published().summary().version()));
        List<VersionComparison> pairs = new ArrayList<>();
        for (VersionWithProvenance other : found.subList(1, found.size())) {
            pairs.add(compare.compare(model, exact(found.getFirst()), exact(other)));
        }
        boolean only = exchange.flag("different");
        CompareView view = new CompareView(
                model,
                found,
                pairs,
                Lines.of(metrics(found)),
                shown(lines(found, one -> members(card(one).path("hyperparameters"))), only),
                shown(lines(found, one -> tags(one.tags())), only),
                shown(lines(found, ComparePage::files), only),
                shown(lines(found, ComparePage::further), only),
                live(model, found),
                only,
                address(model, found));
        return pages.page(exchange, Section.MODELS, "Compare versions of " + model, "compare", view);
    }

    private List<LiveLine> live(ModelName model, List<VersionWithProvenance> versions) {
        List<LiveLine> lines = new ArrayList<>();
        Set<String> numbers = versions.stream()
                .map(one -> one.published().summary().version().toString())
                .collect(Collectors.toSet());
        for (EndpointView endpoint : endpoints.list()) {
            String name = endpoint.endpoint().endpoint();
            traffic.day(EndpointName.parse(name)).forEach(one -> {
                if (one.model().equals(model.toString()) && numbers.contains(one.version())) {
                    lines.add(new LiveLine(one.version(), name, one.role(), one));
                }
            });
        }
        return lines;
    }

    private static String address(ModelName model, List<VersionWithProvenance> versions) {
        StringBuilder address = new StringBuilder("/ui/compare?model=" + Words.query(model.toString()));
        versions.forEach(one -> address.append("&version=")
                .append(Words.query(one.published().summary().version().toString())));
        return address.toString();
    }

    private static Selector exact(VersionWithProvenance version) {
        return new Selector.Exact(version.published().summary().version());
    }

    private static JsonNode card(VersionWithProvenance version) {
        return version.published().shownCard();
    }

    private static List<MetricLine> metrics(List<VersionWithProvenance> versions) {
        Map<String, List<OptionalDouble>> byName = new LinkedHashMap<>();
        for (VersionWithProvenance version : versions) {
            card(version)
                    .path("performance")
                    .properties()
                    .forEach(entry -> byName.computeIfAbsent(entry.getKey(), _ -> new ArrayList<>()));
        }
        List<MetricLine> lines = new ArrayList<>();
        byName.forEach((name, values) -> {
            versions.forEach(one -> values.add(ModelPages.number(one.published().summary(), name)));
            double[] finite = values.stream()
                    .filter(OptionalDouble::isPresent)
                    .mapToDouble(OptionalDouble::getAsDouble)
                    .filter(Double::isFinite)
                    .toArray();
            if (finite.length > 0) {
                lines.add(new MetricLine(
                        name,
                        List.copyOf(values),
                        java.util.Arrays.stream(finite).min().orElse(0),
                        java.util.Arrays.stream(finite).max().orElse(0)));
            }
        });
        return lines;
    }

    private static List<Line> lines(
            List<VersionWithProvenance> versions, Function<VersionWithProvenance, Map<String, String>> values) {
        List<Map<String, String>> all = versions.stream().map(values).toList();
        Map<String, List<String>> byName = new LinkedHashMap<>();
        all.forEach(one -> one.keySet().forEach(name -> byName.computeIfAbsent(name, _ -> new ArrayList<>())));
        List<Line> lines = new ArrayList<>();
        byName.forEach((name, list) -> {
            all.forEach(one -> list.add(Optional.ofNullable(one.get(name)).orElse("")));
            lines.add(new Line(
                    cut(name),
                    list.stream().map(ComparePage::cut).toList(),
                    list.stream().map(value -> !value.equals(list.getFirst())).toList()));
        });
        return lines;
    }

    private static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST) + "…";
    }

    private static Lines<Line> shown(List<Line> lines, boolean onlyDifferent) {
        return Lines.of(onlyDifferent ? lines.stream().filter(Line::differs).toList() : lines);
    }

    private static Map<String, String> members(JsonNode object) {
        Map<String, String> found = new LinkedHashMap<>();
        object.properties().forEach(entry -> found.put(entry.getKey(), text(entry.getValue())));
        return found;
    }

    private static Map<String, String> tags(List<KeyValue> tags) {
        Map<String, String> found = new LinkedHashMap<>();
        tags.forEach(tag -> found.put(tag.key(), tag.value()));
        return found;
    }

    private static Map<String, String> files(VersionWithProvenance version) {
        Map<String, String> found = new LinkedHashMap<>();
        version.published()
                .manifest()
                .files()
                .forEach(file -> found.put(
                        file.path().value(),
                        Words.bytes(file.size()) + " · "
                                + Words.brief(file.sha256().toString())));
        return found;
    }

    private static Map<String, String> further(VersionWithProvenance version) {
        Map<String, String> found = members(card(version));
        Set.of("performance", "hyperparameters", "version").forEach(found::remove);
        return found;
    }

    private static String text(JsonNode value) {
        return value.isString() ? value.asString() : value.isNull() ? "" : Json.write(value);
    }
}
