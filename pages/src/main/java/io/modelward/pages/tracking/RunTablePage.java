package io.modelward.pages.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.ExperimentBrowser;
import io.modelward.registry.tracking.ExperimentBrowser.ExperimentRow;
import io.modelward.registry.tracking.Query;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunView;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The page of an experiment: which of its runs was best. */
public final class RunTablePage {

    static final int MOST_COMPARED = 200;

    private static final int A_PAGE = 50;
    private static final int MOST_COLUMNS = 60;

    private final PageSender pages;
    private final Access access;
    private final ExperimentBrowser experiments;
    private final RunSearch search;

    public RunTablePage(PageSender pages, Access access, ExperimentBrowser experiments, RunSearch search) {
        this.pages = pages;
        this.access = access;
        this.experiments = experiments;
        this.search = search;
    }

    /** What the caller may do with the experiment. */
    public record ExperimentRights(boolean rename, boolean delete) {}

    /** What was asked of the table, as the address has it. */
    public record Asked(String filter, String order, String view, int size, List<RunColumn> chosen) {

        PageAddress address(long experiment) {
            return new PageAddress(RunWords.experimentLink(experiment))
                    .with("filter", filter)
                    .with("order_by", order)
                    .with("view", view.equals("active") ? "" : view)
                    .with("page_size", size == A_PAGE ? "" : Integer.toString(size))
                    .with("column", chosen.stream().map(RunColumn::name).toList());
        }

        Asked ordered(String newOrder) {
            return new Asked(filter, newOrder, view, size, chosen);
        }
    }

    /**
     * The page.
     *
     * @param columns that are shown
     * @param offered that may be chosen
     * @param wrong why the filter or the order cannot be read
     * @param more the address of the next page
     */
    public record RunTableView(
            ExperimentRow experiment,
            List<RunView> runs,
            Asked asked,
            List<RunColumn> columns,
            List<RunColumn> offered,
            Optional<String> wrong,
            Optional<String> more,
            boolean first,
            ExperimentRights rights) {

        public long id() {
            return experiment.view().experiment().id();
        }

        public String link() {
            return RunWords.experimentLink(id());
        }

        public boolean narrowed() {
            return !asked.filter.isBlank() || !asked.view.equals("active") || !first;
        }

        /** How many of the shown columns are of a kind. */
        public long width(RunColumn.Kind kind) {
            return columns.stream().filter(column -> column.kind() == kind).count();
        }

        /** The address that orders by a field: the better direction first, then the other, then none. */
        public String orderedBy(String field, boolean descendingFirst) {
            String first = field + (descendingFirst ? " DESC" : " ASC");
            String other = field + (descendingFirst ? " ASC" : " DESC");
            String next = asked.order.equals(first) ? other : asked.order.equals(other) ? "" : first;
            return asked.ordered(next).address(id()).toString();
        }

        /** For {@code aria-sort}; null where the table is not ordered by the field. */
        public @org.jspecify.annotations.Nullable String sorted(String field) {
            return asked.order.equals(field + " DESC")
                    ? "descending"
                    : asked.order.equals(field + " ASC") ? "ascending" : null;
        }

        /** Whether the value of a run is the best of the column that the table is ordered by. */
        public boolean best(RunColumn column, RunView run) {
            return first
                    && column.numbers()
                    && sorted(column.field()) != null
                    && column.number(run).isPresent()
                    && !Double.isNaN(column.number(run).getAsDouble())
                    && column.number(run).equals(column.number(runs.getFirst()));
        }

        /** The metric that the table is ordered by, whose curves a comparison then shows. */
        public Optional<String> orderedMetric() {
            return columns.stream()
                    .filter(column -> column.numbers() && sorted(column.field()) != null)
                    .map(RunColumn::key)
                    .findFirst();
        }

        /** The address that compares all runs that are shown; empty where there are too few or too many. */
        public Optional<String> compareAll() {
            return runs.size() < 2 || runs.size() > MOST_COMPARED
                    ? Optional.empty()
                    : Optional.of(new PageAddress("/ui/runs/compare")
                            .with(
                                    "run",
                                    runs.stream().map(run -> run.run().id()).toList())
                            .with("metric", orderedMetric().orElse(""))
                            .toString());
        }

        /** The first page of what was asked. */
        public String firstPage() {
            return asked.address(id()).toString();
        }

        /** The page that shows the deleted runs, or the active ones. */
        public String otherView() {
            String other = asked.view.equals("active") ? "deleted" : "active";
            return new Asked(asked.filter, asked.order, other, asked.size, asked.chosen)
                    .address(id())
                    .toString();
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/experiments/{experiment}", Action.READ, this::show);
    }

    private Reply show(Exchange exchange) {
        ExperimentRow experiment = experiments.experiment(exchange.path("experiment"));
        String id = Long.toString(experiment.view().experiment().id());
        Asked asked = asked(exchange);
        Page<RunView> found = new Page<>(List.of(), Optional.empty());
        Optional<String> wrong = Optional.empty();
        try {
            found = search.search(new Query(
                    List.of(id),
                    asked.filter,
                    asked.order.isEmpty() ? List.of() : List.of(asked.order),
                    ExperimentPages.search(asked.view),
                    exchange.query("page_token"),
                    asked.size));
        } catch (ProblemException refused) {
            Optional<String> field = refused.problem().field();
            if (field.filter(Set.of("filter", "order_by")::contains).isEmpty()) {
                throw refused;
            }
            wrong = Optional.of(refused.problem().detail());
        }
        List<RunColumn> known = RunColumn.of(found.items());
        List<RunColumn> columns =
                new ArrayList<>(asked.chosen.isEmpty() ? RunColumn.usual(known, found.items()) : asked.chosen);
        // Whoever orders by a column wants to see the column.
        known.stream()
                .filter(column -> asked.order.startsWith(column.field() + " ") && !columns.contains(column))
                .forEach(columns::add);
        columns.sort(java.util.Comparator.comparing(RunColumn::kind));
        LinkedHashSet<RunColumn> offered = new LinkedHashSet<>(known);
        offered.addAll(columns);
        Page<RunView> page = found;
        RunTableView view = new RunTableView(
                experiment,
                page.items(),
                asked,
                columns,
                List.copyOf(offered),
                wrong,
                page.next()
                        .map(token -> asked.address(Long.parseLong(id))
                                .with("page_token", token)
                                .toString()),
                exchange.query("page_token").orElse("").isEmpty(),
                rights(id));
        // htmx leaves the page as it is when an answer is an error; the page without scripts gets the status.
        int status = wrong.isPresent() && exchange.header("HX-Request").isEmpty() ? 400 : 200;
        String name = experiment.view().experiment().name();
        return pages.page(
                exchange, status, Section.EXPERIMENTS, name + " - Experiment " + id, "tracking/experiment", view);
    }

    private ExperimentRights rights(String id) {
        Resource experiment = new Resource.Experiment(id);
        return new ExperimentRights(access.allows(Action.TRACK, experiment), access.allows(Action.DELETE, experiment));
    }

    private static Asked asked(Exchange exchange) {
        List<RunColumn> chosen = exchange.queries("column").stream()
                .filter(text -> !text.isBlank())
                .distinct()
                .map(RunColumn::parse)
                .toList();
        if (chosen.size() > MOST_COLUMNS) {
            throw ProblemException.invalid("column", "Choose at most " + MOST_COLUMNS + " columns.");
        }
        return new Asked(
                exchange.query("filter").orElse("").strip(),
                exchange.query("order_by").orElse("").strip(),
                ExperimentPages.view(exchange.query("view").orElse("active")),
                Math.min(MOST_COMPARED, exchange.query("page_size").isPresent() ? exchange.pageSize() : A_PAGE),
                chosen);
    }
}
