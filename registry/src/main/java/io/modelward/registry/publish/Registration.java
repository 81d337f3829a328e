package io.modelward.registry.publish;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.tracking.KeyValue;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.Selector;
import java.util.List;
import java.util.Optional;

/**
 * A request to make a version of files that lie somewhere already.
 *
 * @param text the source as the caller wrote it, and as callers are shown it
 * @param source what the text names
 * @param run the run that the source belongs to
 * @param loggedModel the logged model that the source belongs to
 * @param tags {@code modelward.bump} and {@code modelward.version} among them choose the number
 * @param note what the logged model keeps of the version
 */
public record Registration(
        ModelName model,
        String text,
        RegistrationSource source,
        Optional<String> run,
        Optional<String> loggedModel,
        Optional<String> runLink,
        String description,
        List<KeyValue> tags,
        ModelNote note) {

    Optional<String> tag(String key) {
        return tags.stream()
                .filter(tag -> tag.key().equals(key))
                .map(KeyValue::value)
                .findFirst();
    }

    /**
     * The tag on a logged model in which a door's protocol keeps the versions that were made of the model. The tag is
     * written in the transaction that makes the version.
     */
    public interface ModelNote {

        /** Keeps nothing. */
        ModelNote NONE = new ModelNote() {
            @Override
            public String key() {
                return "";
            }

            @Override
            public Optional<String> next(Optional<String> present, VersionSummary version) {
                return Optional.empty();
            }
        };

        /** The key of the tag. */
        String key();

        /**
         * The value of the tag from now on; empty: the tag stays as it is.
         *
         * @param present the value so far
         */
        Optional<String> next(Optional<String> present, VersionSummary version);
    }

    /**
     * The source of a registration. A door reads the source from the text of its protocol, and refuses texts that name
     * a host or a path of a machine.
     */
    public sealed interface RegistrationSource {

        /** A logged model. */
        record Logged(String id) implements RegistrationSource {}

        /** A version that is registered already. */
        record Version(ModelName model, Selector selector) implements RegistrationSource {}

        /** A path below the files of a run. */
        record OfRun(String run, ArtifactPath path) implements RegistrationSource {}

        /** A path below the artifact root of this server. */
        record Kept(ArtifactPath path) implements RegistrationSource {}

        /** Any other place, such as {@code s3://bucket/model}: nobody here looks there. */
        record Elsewhere(String uri) implements RegistrationSource {}
    }
}
