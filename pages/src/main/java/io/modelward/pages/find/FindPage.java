package io.modelward.pages.find;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.Search;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import io.modelward.gateway.rollout.RolloutService;
import io.modelward.gateway.route.EndpointService;
import io.modelward.gateway.route.EndpointService.EndpointView;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.pages.frame.Words;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.ExperimentService.ExperimentView;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.tracking.RunView;
import io.modelward.registry.version.ModelBrowser;
import io.modelward.registry.version.ModelBrowser.ModelFilter;
import io.modelward.registry.version.ModelBrowser.ModelRow;
import io.modelward.registry.version.ModelBrowser.Order;
import io.modelward.registry.version.VersionService;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds by one field whatever the caller may see: an id or a whole name leads to its page, other text to a list of what
 * has the text in its name.
 */
public final class FindPage {

    private static final String ADDRESS = "/ui/find";
    private static final int OF_EACH = 20;
    private static final int EXPERIMENTS_WITH_RUNS = 1000;
    private static final int LONGEST = 400;
    private static final Pattern RUN = Pattern.compile("[0-9a-f]{32}");
    private static final Pattern ROLLOUT = Pattern.compile("[0-9a-z-]{1,40}");
    /** A model and a version, as people write the two. */
    private static final Pattern VERSION = Pattern.compile("([^\\s@]+)(?:\\s*@\\s*|\\s+)([^\\s@]+)");

    private final PageSender pages;
    private final Access access;
    private final Things things;

    /** The services that know the things that are found. */
    public record Things(
            ModelBrowser models,
            VersionService versions,
            EndpointService endpoints,
            RolloutService rollouts,
            ExperimentService experiments,
            RunService runs,
            RunSearch runSearch) {}

    public FindPage(PageSender pages, Access access, Things things) {
        this.pages = pages;
        this.access = access;
        this.things = things;
    }

    /**
     * What has the text.
     *
     * @param more whether more models have the text than are shown
     */
    public record FindView(
            String text,
            List<ModelRow> models,
            boolean more,
            List<EndpointView> endpoints,
            List<ExperimentView> experiments,
            List<RunView> runs) {

        static FindView nothing(String text) {
            return new FindView(text, List.of(), false, List.of(), List.of(), List.of());
        }

        public boolean empty() {
            return models.isEmpty() && endpoints.isEmpty() && experiments.isEmpty() && runs.isEmpty();
        }
    }

    public void open(HttpRoute.Table routes) {
        // For everyone who is known: who may only audit pastes the id of a prediction here.
        routes.knownBlocking("GET", ADDRESS, this::find);
    }

    private Reply find(Exchange exchange) {
        String asked = exchange.query("q").orElse("").strip();
        String text = asked.length() > LONGEST ? asked.substring(0, LONGEST) : asked;
        if (text.isEmpty()) {
            return show(exchange, FindView.nothing(""));
        }
        String lower = text.toLowerCase(Locale.ROOT);
        if (PredictionId.parse(lower).isPresent()) {
            return Reply.redirect(303, "/ui/predictions/" + lower);
        }
        if (!access.reach(Action.READ).anything()) {
            return show(exchange, FindView.nothing(text));
        }
        return page(text, lower)
                .map(address -> Reply.redirect(303, address))
                .orElseGet(() -> show(exchange, having(text)));
    }

    private Reply show(Exchange exchange, FindView view) {
        return pages.page(exchange, Section.NONE, "Find", "find", view);
    }

    /** The page of what the text names exactly; empty when the text names nothing, or two things. */
    private Optional<String> page(String text, String lower) {
        if (RUN.matcher(lower).matches() && isThere(() -> things.runs.run(lower))) {
            return Optional.of("/ui/runs/" + lower);
        }
        if (ROLLOUT.matcher(lower).matches() && isThere(() -> things.rollouts.get(lower))) {
            return Optional.of(Words.rolloutLink(lower));
        }
        Matcher parts = VERSION.matcher(text);
        if (parts.matches()) {
            Optional<String> version = version(parts.group(1), parts.group(2));
            if (version.isPresent()) {
                return version;
            }
        }
        Optional<String> model = there(() -> things.models.model(ModelName.parse(text)))
                .map(row -> Words.link(row.model().name()));
        Optional<String> endpoint = endpoints(text).stream()
                .filter(view -> view.endpoint().endpoint().equalsIgnoreCase(text))
                .findFirst()
                .map(view -> Words.endpointLink(view.endpoint().endpoint()));
        return model.isPresent() && endpoint.isPresent() ? Optional.empty() : model.or(() -> endpoint);
    }

    private Optional<String> version(String model, String selector) {
        return there(() -> things.versions.version(ModelName.parse(model), Selector.parse(selector)))
                .map(version -> version.published().summary())
                .map(version -> Words.link(version.model(), version.version().toString()));
    }

    private static boolean isThere(Supplier<?> look) {
        return there(look).isPresent();
    }

    /** What is there for the caller: a text that is no name, and a thing that the caller may not see, are nothing. */
    private static <T> Optional<T> there(Supplier<T> look) {
        try {
            return Optional.of(look.get());
        } catch (ProblemException none) {
            ProblemType type = none.problem().type();
            if (type == ProblemType.NOT_FOUND || type == ProblemType.INVALID || type == ProblemType.FORBIDDEN) {
                return Optional.empty();
            }
            throw none;
        }
    }

    private List<EndpointView> endpoints(String text) {
        String wanted = text.toLowerCase(Locale.ROOT);
        return things.endpoints.list().stream()
                .filter(view ->
                        view.endpoint().endpoint().toLowerCase(Locale.ROOT).contains(wanted))
                .limit(OF_EACH)
                .toList();
    }

    private FindView having(String text) {
        ModelFilter named = new ModelFilter(
                text, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), _ -> true);
        var models = things.models.models(named, Order.NAME, Optional.empty(), OF_EACH);
        return new FindView(
                text,
                models.items(),
                models.next().isPresent(),
                endpoints(text),
                things.experiments
                        .search(query(List.of(), "name", text, OF_EACH))
                        .items(),
                runs(text));
    }

    private List<RunView> runs(String text) {
        List<String> newest = things
                .experiments
                .search(new Query(
                        List.of(), "", List.of(), Search.View.ACTIVE_ONLY, Optional.empty(), EXPERIMENTS_WITH_RUNS))
                .items()
                .stream()
                .map(view -> Long.toString(view.experiment().id()))
                .toList();
        return newest.isEmpty()
                ? List.of()
                : things.runSearch
                        .search(query(newest, "run_name", text, OF_EACH))
                        .items();
    }

    private static Query query(List<String> experiments, String name, String text, int most) {
        // A quote within a text is written twice; a backslash before a quote would make one of the two, so any
        // character stands for the backslash.
        String quoted = text.replace("\\", "_").replace("'", "''");
        return new Query(
                experiments,
                "attributes." + name + " ILIKE '%" + quoted + "%'",
                List.of(),
                Search.View.ACTIVE_ONLY,
                Optional.empty(),
                most);
    }
}
