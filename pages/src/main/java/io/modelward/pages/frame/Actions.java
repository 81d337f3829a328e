package io.modelward.pages.frame;

import io.modelward.core.access.Action;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.FormFields;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.util.Map;

/**
 * Pages with one action each. A form is sent to the address of its page; when the action is done, the browser goes on to
 * another page, and when it is refused, the form is shown again with what was filled in and why.
 */
public final class Actions {

    private final PageSender pages;

    public Actions(PageSender pages) {
        this.pages = pages;
    }

    /** Makes the page of an action. */
    @FunctionalInterface
    public interface Form {
        ActionForm of(Exchange exchange);
    }

    /** Does the action and answers the address to go on at. */
    @FunctionalInterface
    public interface Deed {
        String perform(Exchange exchange, FormFields fields);
    }

    /** Does the action and answers the page that tells its outcome, such as the text of a new token. */
    @FunctionalInterface
    public interface Answer {
        Reply perform(Exchange exchange, FormFields fields) throws IOException;
    }

    /** Opens the page and takes its form. */
    public void open(HttpRoute.Table routes, String address, Action needs, Form form, Deed deed) {
        routes.blocking("GET", address, needs, exchange -> show(exchange, 200, form.of(exchange)));
        routes.blocking("POST", address, needs, exchange -> perform(exchange, form, deed));
    }

    /** As {@link #open}, where what a caller may do depends on what the form says. */
    public void openForKnown(HttpRoute.Table routes, String address, Form form, Deed deed) {
        routes.knownBlocking("GET", address, exchange -> show(exchange, 200, form.of(exchange)));
        routes.knownBlocking("POST", address, exchange -> perform(exchange, form, deed));
    }

    /** As {@link #open}, where the outcome is told by a page of its own. */
    public void openAnswered(HttpRoute.Table routes, String address, Action needs, Form form, Answer answer) {
        routes.blocking("GET", address, needs, exchange -> show(exchange, 200, form.of(exchange)));
        routes.blocking("POST", address, needs, exchange -> answer(exchange, form, answer));
    }

    /** As {@link #openForKnown}, where the outcome is told by a page of its own. */
    public void openAnsweredForKnown(HttpRoute.Table routes, String address, Form form, Answer answer) {
        routes.knownBlocking("GET", address, exchange -> show(exchange, 200, form.of(exchange)));
        routes.knownBlocking("POST", address, exchange -> answer(exchange, form, answer));
    }

    private Reply perform(Exchange exchange, Form form, Deed deed) throws IOException {
        return answer(
                exchange,
                form,
                (asked, fields) ->
                        Reply.redirect(303, deed.perform(asked, fields)).with("Cache-Control", "no-store"));
    }

    private Reply answer(Exchange exchange, Form form, Answer answer) throws IOException {
        FormFields fields = exchange.form();
        try {
            return answer.perform(exchange, fields);
        } catch (ProblemException refused) {
            Problem problem = refused.problem();
            return refused(exchange, form, fields.shown(), problem);
        }
    }

    private Reply refused(Exchange exchange, Form form, Map<String, String> sent, Problem problem) {
        ActionForm page = form.of(exchange);
        return show(exchange, problem.type().status(), page.failed(sent, problem));
    }

    private Reply show(Exchange exchange, int status, ActionForm form) {
        return pages.page(exchange, status, form.section(), form.title(), "action", form);
    }
}
