package io.modelward.core.access;

import io.modelward.core.artifact.ArtifactPath;
import io.modelward.core.problem.ProblemException;
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

    /** All channels of notifications. */
    Notifications NOTIFICATIONS = new Notifications();

    /** The audit log. */
    AuditLog AUDIT_LOG = new AuditLog();

    /** The records of all predictions. */
    PredictionRecords PREDICTION_LOG = new PredictionRecords();

    /** The resource in words, such as {@code the model default/iris}. */
    String words();

    /**
     * What a service answers when no such thing is there: whoever may not know of a thing is told the same. The service
     * that finds nothing throws this too, so that the two are one text.
     */
    ProblemException missing();

    /** See {@link #REGISTRY}. */
    record Registry() implements Resource {
        @Override
        public String words() {
            return "the registry";
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is nothing of this kind here.");
        }
    }

    /** A model with its versions and aliases; its namespace is part of its name. */
    record Model(ModelName name) implements Resource {
        @Override
        public String words() {
            return "the model " + name;
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing(
                    "model",
                    name.toString(),
                    "There is no model " + name + ". List the models to see which there are.");
        }
    }

    /** Content on its way to become a version. */
    record Draft(String id) implements Resource {
        @Override
        public String words() {
            return "the draft " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound(
                    "There is no such draft. Drafts are forgotten after a day; start a new one.");
        }
    }

    /** An endpoint, with what serves it and what served it. */
    record Endpoint(String name) implements Resource {
        @Override
        public String words() {
            return "the endpoint " + Quoted.of(name);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing(
                    "endpoint",
                    Quoted.plain(name),
                    "There is no endpoint " + Quoted.of(name) + ". List the endpoints to see which there are.");
        }
    }

    /** A rollout of an endpoint. */
    record Rollout(String id) implements Resource {
        @Override
        public String words() {
            return "the rollout " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is no rollout with this id.");
        }
    }

    /** What is known of a prediction that was answered. */
    record Prediction(String id) implements Resource {
        @Override
        public String words() {
            return "the prediction " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound(
                    "There is no record of a prediction with this id. The id is in the answer of"
                            + " the prediction, as prediction_id.");
        }
    }

    /** An experiment, with its runs and logged models. */
    record Experiment(String id) implements Resource {
        @Override
        public String words() {
            return "the experiment " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing("experiment", id, "There is no experiment " + Quoted.plain(id) + ".");
        }
    }

    /** A run or logged model that is to be made in an experiment. */
    record WithinExperiment(String id) implements Resource {
        @Override
        public String words() {
            return "the experiment " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return new Experiment(id).missing();
        }
    }

    /** An experiment that the caller knows by its name, or wants to give that name. */
    record NamedExperiment(String name) implements Resource {
        @Override
        public String words() {
            return "the experiment named " + Quoted.of(name);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing(
                    "experiment by name", name, "There is no experiment of the name " + Quoted.of(name) + ".");
        }
    }

    /** A run and what it logged. */
    record Run(String id) implements Resource {
        @Override
        public String words() {
            return "the run " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing("run", id, "There is no run " + Quoted.plain(id) + ".");
        }
    }

    /** A model that was logged, before a version is made of it. */
    record LoggedModel(String id) implements Resource {
        @Override
        public String words() {
            return "the logged model " + Quoted.of(id);
        }

        @Override
        public ProblemException missing() {
            return ProblemException.missing("logged model", id, "There is no logged model " + Quoted.plain(id) + ".");
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

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is no artifact " + Quoted.of(path.value()) + ".");
        }
    }

    /** See {@link #WEBHOOKS}. */
    record Webhooks() implements Resource {
        @Override
        public String words() {
            return "the webhooks";
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is nothing of this kind here.");
        }
    }

    /** See {@link #NOTIFICATIONS}. */
    record Notifications() implements Resource {
        @Override
        public String words() {
            return "the notifications";
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is nothing of this kind here.");
        }
    }

    /** See {@link #AUDIT_LOG}. */
    record AuditLog() implements Resource {
        @Override
        public String words() {
            return "the audit log";
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is nothing of this kind here.");
        }
    }

    /** See {@link #PREDICTION_LOG}. */
    record PredictionRecords() implements Resource {
        @Override
        public String words() {
            return "the records of predictions";
        }

        @Override
        public ProblemException missing() {
            return ProblemException.notFound("There is nothing of this kind here.");
        }
    }
}
