package io.modelward.pages.frame;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.route.Arm;
import io.modelward.registry.version.ModelBrowser;
import java.util.List;
import java.util.Optional;

/** The field for the version that an endpoint is to move to: any may be written, and the highest ones are offered. */
public final class VersionField {

    private static final int OFFERED = 50;

    private final ModelBrowser models;

    public VersionField(ModelBrowser models) {
        this.models = models;
    }

    /**
     * Adds the field to a form.
     *
     * @param active what serves now, which is not offered
     * @param wanted the version that the caller came with; empty: the highest that is offered
     */
    public ActionForm add(ActionForm form, String name, String label, Arm active, Optional<String> wanted) {
        List<String> offered = offered(active);
        String value = wanted.filter(text -> !text.isBlank()).orElse(offered.isEmpty() ? "" : offered.getFirst());
        return form.offering(name, label, value, offered, "A number such as 1.2.0, latest, or an alias with @.");
    }

    private List<String> offered(Arm active) {
        try {
            return models.versions(active.model(), Optional.empty(), OFFERED).items().stream()
                    .filter(version -> !version.digest().equals(active.digest()))
                    .map(VersionSummary::version)
                    .map(Object::toString)
                    .toList();
        } catch (ProblemException unseen) {
            // Who may move an endpoint and not look at its model writes the number.
            return List.of();
        }
    }
}
