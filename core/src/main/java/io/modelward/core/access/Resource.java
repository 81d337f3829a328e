package io.modelward.core.access;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelName;

/**
 * What an {@link Action} is done to, as the caller names it. A service asks before it looks, so that a refusal does not
 * tell what is there. Nothing of that name may be there, and an id or a name that is text may be any text. What a
 * draft, rollout, run or file belongs to never changes; an {@link Authorizer} that decides by that looks it up.
 */
public sealed interface Resource {

    /** The registry as a whole: lists of everything, the server's state, measures, verification of all that is kept. */
    Registry REGISTRY = new Registry();

    /** All webhooks. */
    Webhooks WEBHOOKS = new Webhooks();

    /** The audit log. */
    AuditLog AUDIT_LOG = new AuditLog();

    /** The records of all predictions. */
    PredictionRecords PREDICTION_LOG = new PredictionRecords();

    /** The resource in words, such as {@code the model default/iris}. */
    String words();

    /** See {@link #REGISTRY}. */
    record Registry() implements Resource {
        @Override
        public String words() {
            return "the registry";
        }
    }

    /** A model with its versions and aliases; its namespace is part of its name. */
    record Model(ModelName name) implements Resource {
        @Override
        public String words() {
            return "the model " + name;
        }
    }

    /** Content on its way to become a version. */
    record Draft(String id) implements Resource {
        @Override
        public String words() {
            return "the draft " + Quoted.of(id);
        }
    }

    /** An endpoint, with what serves it and what served it. */
    record Endpoint(String name) implements Resource {
        @Override
        public String words() {
            return "the endpoint " + Quoted.of(name);
        }
    }

    /** A rollout of an endpoint. */
    record Rollout(String id) implements Resource {
        @Override
        public String words() {
            return "the rollout " + Quoted.of(id);
        }
    }

    /** What is known of a prediction that was answered. */
    record Prediction(String id) implements Resource {
        @Override
        public String words() {
            return "the prediction " + Quoted.of(id);
        }
    }

    /** An experiment, with its runs and logged models. */
    record Experiment(String id) implements Resource {
        @Override
        public String words() {
            return "the experiment " + Quoted.of(id);
        }
    }

    /** An experiment that the caller knows by its name, or wants to give that name. */
    record NamedExperiment(String name) implements Resource {
        @Override
        public String words() {
            return "the experiment named " + Quoted.of(name);
        }
    }

    /** A run and what it logged. */
    record Run(String id) implements Resource {
        @Override
        public String words() {
            return "the run " + Quoted.of(id);
        }
    }

    /** A model that was logged, before a version is made of it. */
    record LoggedModel(String id) implements Resource {
        @Override
        public String words() {
            return "the logged model " + Quoted.of(id);
        }
    }

    /**
     * A file or folder of artifacts: of a run, of a logged model, or of a version as clients see it who know artifacts
     * only.
     */
    record Artifact(ArtifactPath path) implements Resource {
        @Override
        public String words() {
            return "the artifact " + Quoted.of(path.value());
        }
    }

    /** See {@link #WEBHOOKS}. */
    record Webhooks() implements Resource {
        @Override
        public String words() {
            return "the webhooks";
        }
    }

    /** See {@link #AUDIT_LOG}. */
    record AuditLog() implements Resource {
        @Override
        public String words() {
            return "the audit log";
        }
    }

    /** See {@link #PREDICTION_LOG}. */
    record PredictionRecords() implements Resource {
        @Override
        public String words() {
            return "the records of predictions";
        }
    }
}
