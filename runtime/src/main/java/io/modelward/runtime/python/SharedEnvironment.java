package io.modelward.runtime.python;

import java.util.List;
import java.util.Map;

/**
 * What the environment that all share has.
 *
 * @param releases by package; empty when the environment cannot be asked
 * @param configured whether an operator chose the environment: then only a package that is not there is missed, and
 *     another release is what the operator wants
 */
record SharedEnvironment(Map<String, String> releases, boolean configured) {

    /** A model of scikit-learn is made for a minor release; other packages read what the same major release wrote. */
    static final String BY_MINOR = "scikit-learn";

    SharedEnvironment {
        releases = Map.copyOf(releases);
    }

    boolean has(Requirement requirement) {
        return releases.isEmpty() || releases.containsKey(name(requirement));
    }

    /** XGBoost has two packages, of which one is without what a GPU needs. */
    private String name(Requirement requirement) {
        String name = requirement.name();
        return name.equals("xgboost-cpu") && releases.containsKey("xgboost") ? "xgboost" : name;
    }

    /** Whether a pickle that needs this loads here, as far as releases tell. */
    boolean suffices(Requirement requirement) {
        if (releases.isEmpty() || !has(requirement)) {
            return releases.isEmpty();
        }
        if (configured) {
            return true;
        }
        String there = releases.getOrDefault(name(requirement), "");
        int parts = requirement.name().equals(BY_MINOR) ? 2 : 1;
        return requirement
                .pin()
                .map(pin -> beginning(pin, parts).equals(beginning(there, parts)))
                .orElse(requirement.specifiers().isEmpty());
    }

    private static List<String> beginning(String release, int parts) {
        List<String> all = List.of(release.split("\\.", -1));
        return all.subList(0, Math.min(parts, all.size()));
    }
}
