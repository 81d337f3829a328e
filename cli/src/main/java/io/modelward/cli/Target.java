package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Reference;
import io.modelward.core.version.SemVer;
import java.util.Optional;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/**
 * A model, or one of its versions, that a command changes.
 *
 * @param version empty for the model itself
 */
record Target(ModelName model, Optional<SemVer> version) {

    /** The whole model or version, as it is now. */
    JsonNode read(ModelwardClient client) {
        return version.map(number -> client.version(model, number)).orElseGet(() -> client.model(model));
    }

    /** As people write it: {@code default/iris} or {@code default/iris@1.2.0}. */
    @Override
    public String toString() {
        return model + version.map(number -> "@" + number).orElse("");
    }

    /** The arguments of a command that name a target. */
    interface Arguments {

        Target find(ModelwardClient client);
    }

    /** Names a model. */
    static final class OfModel implements Arguments {

        @Parameters(index = "0", paramLabel = "NAME", description = "the model")
        private String name = "";

        @Override
        public Target find(ModelwardClient client) {
            return new Target(ModelName.parse(name), Optional.empty());
        }
    }

    /** Selects a version, for example by an alias. */
    static final class OfVersion implements Arguments {

        @Parameters(index = "0", paramLabel = "REFERENCE", description = "iris@1.2.0, iris@champion, …")
        private String reference = "";

        @Override
        public Target find(ModelwardClient client) {
            Reference of = Reference.parse(reference);
            return new Target(of.model(), Optional.of(VersionFinder.resolve(client, of)));
        }
    }

    /** Names the number of a version. */
    static final class OfExactVersion implements Arguments {

        @Parameters(index = "0", paramLabel = "REFERENCE", description = "the exact version, iris@1.2.0")
        private String reference = "";

        @Override
        public Target find(ModelwardClient client) {
            Reference of = Reference.parse(reference);
            return new Target(of.model(), Optional.of(VersionFinder.exact(of)));
        }
    }
}
