package io.modelward.cli;

import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/** What a role is for. */
final class ScopeOptions {

    @Option(
            names = "--model",
            paramLabel = "GLOB",
            description = "on models, such as iris, team/* or default/iris*; may be repeated (default: none)")
    private List<String> models = new ArrayList<>();

    @Option(
            names = "--endpoint",
            paramLabel = "GLOB",
            description = "on endpoints, such as iris; may be repeated (default: none)")
    private List<String> endpoints = new ArrayList<>();

    @Option(
            names = "--experiment",
            paramLabel = "GLOB",
            description = "on experiments, by their names; may be repeated (default: none)")
    private List<String> experiments = new ArrayList<>();

    @Option(names = "--server", description = "on the whole server")
    private boolean server;

    /** As the server writes scopes, in the order of the options' kinds. */
    List<String> scopes() {
        List<String> scopes = new ArrayList<>();
        models.forEach(glob -> scopes.add("model:" + glob));
        endpoints.forEach(glob -> scopes.add("endpoint:" + glob));
        experiments.forEach(glob -> scopes.add("experiment:" + glob));
        if (server) {
            scopes.add("*");
        }
        if (scopes.isEmpty()) {
            throw new Usage("Say on what: --model, --endpoint or --experiment with a name, or --server for all.");
        }
        return scopes;
    }
}
