package io.modelward.cli;

import io.modelward.client.RetentionCalls.Scope;
import io.modelward.core.version.ModelName;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a rule of retention is for: a model, a namespace or the server; exactly one of them is named. */
final class RetentionScopeOptions {

    @Parameters(index = "0", arity = "0..1", paramLabel = "NAME", description = "the model")
    private String name = "";

    @Option(
            names = "--namespace",
            paramLabel = "NAMESPACE",
            description = "all models of the namespace instead (default: none)")
    private String namespace = "";

    @Option(names = "--server", description = "all models of the server instead (default: no)")
    private boolean server;

    Scope scope() {
        int named = (name.isEmpty() ? 0 : 1) + (namespace.isEmpty() ? 0 : 1) + (server ? 1 : 0);
        if (named != 1) {
            throw new Usage("Name a model, or give --namespace NAMESPACE or --server; one of them.");
        }
        if (server) {
            return new Scope.Server();
        }
        return namespace.isEmpty() ? new Scope.Model(ModelName.parse(name)) : new Scope.Namespace(namespace);
    }

    /** As people write it. */
    static String words(Scope scope) {
        return switch (scope) {
            case Scope.Server _ -> "the server";
            case Scope.Namespace named -> "the namespace " + named.name();
            case Scope.Model model -> model.name().toString();
        };
    }
}
