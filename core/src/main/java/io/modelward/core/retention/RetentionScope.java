package io.modelward.core.retention;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.ModelName;
import java.util.Locale;

/** What a rule is for. The nearest rule wins as a whole: that of the model, then of its namespace, then of the server. */
public sealed interface RetentionScope {

    /** The whole server. */
    Server SERVER = new Server();

    /** The text that the rule is kept under. */
    String key();

    /** See {@link #SERVER}. */
    record Server() implements RetentionScope {
        @Override
        public String key() {
            return "server";
        }
    }

    /** All models of a namespace; the name is kept in lower case, since names that differ in case are one. */
    record Namespace(String name) implements RetentionScope {

        /** @throws ProblemException of kind INVALID when no namespace can have this name */
        public static Namespace parse(String text) {
            try {
                if (text.indexOf('/') < 0) {
                    return new Namespace(
                            ModelName.parse(text + "/x").namespace().toLowerCase(Locale.ROOT));
                }
            } catch (ProblemException malformed) {
                throw ProblemException.invalid("namespace", malformed.problem().detail());
            }
            throw ProblemException.invalid("namespace", "A namespace has no slash: name the namespace alone.");
        }

        @Override
        public String key() {
            return "namespace:" + name;
        }
    }

    /** One model, whatever its name is. */
    record OfModel(ModelId id) implements RetentionScope {
        @Override
        public String key() {
            return "model:" + id.value();
        }
    }

    /** The scope of a key. */
    static RetentionScope of(String key) {
        if (key.startsWith("namespace:")) {
            return new Namespace(key.substring("namespace:".length()));
        }
        return key.startsWith("model:")
                ? new OfModel(new ModelId(Long.parseLong(key.substring("model:".length()))))
                : SERVER;
    }
}
