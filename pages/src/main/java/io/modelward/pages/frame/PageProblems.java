package io.modelward.pages.frame;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.ProblemForm;
import io.modelward.server.http.Problems;
import io.modelward.server.http.Reply;
import java.io.IOException;

/** Problems as pages, in the words of the API. */
public final class PageProblems implements ProblemForm {

    private final PageSender pages;

    public PageProblems(PageSender pages) {
        this.pages = pages;
    }

    /**
     * A problem to show.
     *
     * @param logIn whether the caller may help by logging in
     */
    public record ProblemView(int status, Problem problem, boolean logIn) {}

    @Override
    public void send(Exchange exchange, Problem problem) {
        int status = problem.type().status();
        Problems.headers(exchange.response(), problem);
        Reply reply = pages.page(
                exchange,
                status,
                Section.NONE,
                problem.type().title(),
                "problem",
                new ProblemView(status, problem, problem.type() == ProblemType.UNAUTHENTICATED));
        try {
            exchange.reply(reply);
        } catch (IOException gone) {
            exchange.abandon(gone);
        }
    }

    @Override
    public void nothingThere(Exchange exchange) {
        send(exchange, Problem.of(ProblemType.NOT_FOUND, "There is no page at this address."));
    }
}
