package io.modelward.pages.audit;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.search.PageToken;
import io.modelward.core.time.Moments;
import io.modelward.pages.frame.AuditWords;
import io.modelward.pages.frame.AuditWords.AuditLine;
import io.modelward.pages.frame.Filters;
import io.modelward.pages.frame.PageSender;
import io.modelward.pages.frame.Section;
import io.modelward.registry.AuditService;
import io.modelward.registry.Page;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.util.List;
import java.util.Optional;

/** Who did what: the audit log, newest first. */
public final class AuditPage {

    private static final String ADDRESS = "/ui/audit";
    private static final int A_PAGE = 50;
    private static final List<String> FIELDS = List.of("by", "action", "subject", "since", "until");

    private final PageSender pages;
    private final Access access;
    private final AuditService audit;

    public AuditPage(PageSender pages, Access access, AuditService audit) {
        this.pages = pages;
        this.access = access;
        this.audit = audit;
    }

    /**
     * The entries that fit.
     *
     * @param source the address of the API that tells the same entries
     * @param problem why they could not be listed
     * @param more the address of the next part of the list
     */
    public record AuditView(
            List<AuditLine> lines,
            Filters filters,
            List<String> actions,
            String source,
            Optional<Problem> problem,
            Optional<String> more) {}

    public void open(HttpRoute.Table routes) {
        routes.blocking("GET", ADDRESS, Action.AUDIT, this::show);
    }

    private Reply show(Exchange exchange) {
        Filters filters = Filters.of(exchange, FIELDS);
        try {
            AuditQuery query = new AuditQuery(
                    filters.get("subject"),
                    filters.get("by"),
                    filters.get("action"),
                    filters.filled("since").map(text -> Moments.parse("since", text)),
                    filters.filled("until").map(text -> Moments.parse("until", text)));
            Page<AuditEntry> page = audit.list(exchange.pageBefore(), A_PAGE, query);
            return show(
                    exchange,
                    200,
                    page.items().stream()
                            .map(entry -> AuditWords.of(entry, access))
                            .toList(),
                    filters,
                    Optional.empty(),
                    page.next().map(next -> filters.more(ADDRESS, PageToken.ofKey(next))));
        } catch (ProblemException refused) {
            if (refused.problem().type() != ProblemType.INVALID) {
                throw refused;
            }
            return show(
                    exchange,
                    refused.problem().type().status(),
                    List.of(),
                    filters,
                    Optional.of(refused.problem()),
                    Optional.empty());
        }
    }

    private Reply show(
            Exchange exchange,
            int status,
            List<AuditLine> lines,
            Filters filters,
            Optional<Problem> problem,
            Optional<String> more) {
        String source = exchange.query("page_token")
                .map(token -> filters.more("/api/v1/audit", token))
                .orElseGet(() -> filters.address("/api/v1/audit"));
        return pages.page(
                exchange,
                status,
                Section.AUDIT,
                "Audit log",
                "audit",
                new AuditView(lines, filters, AuditWords.actions(), source, problem, more));
    }
}
