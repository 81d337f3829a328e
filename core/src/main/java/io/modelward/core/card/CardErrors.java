package io.modelward.core.card;

import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Collects all that is wrong with a card, so that its author need not find out one refusal at a time. */
final class CardErrors {

    private static final int MOST = 100;

    private final List<Map<String, Object>> errors = new ArrayList<>();
    private int count;

    void report(String field, String what) {
        count++;
        if (errors.size() < MOST) {
            errors.add(Map.of("field", field, "what", what));
        }
    }

    /** Refuses the card when something was reported: under the first field, with all of them in {@code errors}. */
    void refuse() {
        if (count > 0) {
            throw refusal();
        }
    }

    private ProblemException refusal() {
        String field = String.valueOf(errors.getFirst().get("field"));
        String what = String.valueOf(errors.getFirst().get("what"));
        String more = count == 1 ? "" : " And " + (count - 1) + " more, listed in errors.";
        String detail = "The card's " + field + ": " + what + (what.endsWith(".") ? "" : ".") + more;
        return Problem.field(ProblemType.REFUSED, field, detail)
                .with("errors", List.copyOf(errors))
                .exception();
    }
}
