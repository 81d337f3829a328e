package io.modelward.pages.frame;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;

/** The parts of the pages, as the navigation names them. */
public enum Section {
    OVERVIEW("Overview", "/ui/", Action.READ),
    MODELS("Models", "/ui/models", Action.READ),
    ENDPOINTS("Endpoints", "/ui/endpoints", Action.READ),
    JOBS("Jobs", "/ui/jobs", Action.READ),
    EXPERIMENTS("Experiments", "/ui/experiments", Action.READ),
    PREDICTIONS("Predictions", "/ui/predictions", Action.AUDIT),
    AUDIT("Audit", "/ui/audit", Action.AUDIT),
    STATUS("Status", "/ui/status", Action.READ),
    /** Pages that the navigation does not name: of the caller, of access, of errors. */
    NONE("", "", Action.READ);

    private final String label;
    private final String address;
    private final Action needs;

    Section(String label, String address, Action needs) {
        this.label = label;
        this.address = address;
        this.needs = needs;
    }

    public String label() {
        return label;
    }

    public String address() {
        return address;
    }

    /** Whether the navigation offers it to the caller. */
    boolean isFor(Access access) {
        return switch (this) {
            case NONE -> false;
            case STATUS -> access.allows(needs, Resource.REGISTRY);
            default -> access.reach(needs).anything();
        };
    }
}
