package io.modelward.pages.tracking;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.search.Search;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.Page;
import io.modelward.registry.tracking.ExperimentBrowser;
import io.modelward.registry.tracking.ExperimentBrowser.ExperimentRow;
import io.modelward.registry.tracking.Query;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Optional;

/** The list of experiments: which there are. */
public final class ExperimentPages {

    private static final int A_PAGE = 50;

    private final PageSender pages;
    private final Access access;
    private final ExperimentBrowser experiments;

    public ExperimentPages(PageSender pages, Access access, ExperimentBrowser experiments) {
        this.pages = pages;
        this.access = access;
        this.experiments = experiments;
    }

    /**
     * The list.
     *
     * @param text what names are searched for
     * @param view {@code active} or {@code deleted}
     * @param more the address of the next page
     * @param create whether the caller may create an experiment
     */
    public record ExperimentsView(
            List<ExperimentRow> rows,
            String text,
            String view,
            String order,
            Optional<String> more,
            boolean first,
            boolean create) {

        /** Whether what is shown is less than all. */
        public boolean narrowed() {
            return !text.isEmpty() || !view.equals("active") || !first;
        }
    }

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", "/ui/experiments", Action.READ, this::list);
    }

    private Reply list(Exchange exchange) {
        String text = exchange.query("q").orElse("").strip();
        String view = view(exchange.query("view").orElse("active"));
        String order = exchange.query("sort").orElse("").equals("name") ? "name" : "";
        Page<ExperimentRow> page = experiments.search(new Query(
                List.of(),
                text.isEmpty() ? "" : "name ILIKE " + Grammar.containing(text),
                order.isEmpty() ? List.of() : List.of("name ASC"),
                search(view),
                exchange.query("page_token"),
                A_PAGE));
        PageAddress address = new PageAddress("/ui/experiments")
                .with("q", text)
                .with("view", view.equals("active") ? "" : view)
                .with("sort", order);
        return pages.page(
                exchange,
                Section.EXPERIMENTS,
                "Experiments",
                "tracking/experiments",
                new ExperimentsView(
                        page.items(),
                        text,
                        view,
                        order,
                        page.next()
                                .map(token -> address.with("page_token", token).toString()),
                        exchange.query("page_token").orElse("").isEmpty(),
                        access.allows(Action.TRACK, new Resource.NamedExperiment(""))));
    }

    static String view(String text) {
        return switch (text) {
            case "", "active" -> "active";
            case "deleted" -> "deleted";
            default -> throw ProblemException.invalid("view", "view is active or deleted.");
        };
    }

    static Search.View search(String view) {
        return view.equals("deleted") ? Search.View.DELETED_ONLY : Search.View.ACTIVE_ONLY;
    }
}
