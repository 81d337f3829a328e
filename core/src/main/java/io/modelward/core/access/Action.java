package io.modelward.core.access;

/**
 * What a caller may do to a {@link Resource}. An {@link Authorizer} that allows any other action than {@link #PREDICT}
 * on a resource allows {@link #READ} on it, too: services answer a change with what it made.
 */
public enum Action {
    /**
     * Look at models, versions and their files, endpoints, rollouts, predictions, experiments, runs, artifacts and the
     * audit log; verify them.
     */
    READ,
    /** Send predictions to an endpoint. */
    PREDICT,
    /**
     * Make models, upload and publish versions, and change how they are found and described: names, aliases, stages,
     * descriptions, tags.
     */
    PUBLISH,
    /** Make experiments, runs and logged models, and log to them: parameters, metrics, tags, inputs, artifacts. */
    TRACK,
    /** Decide what serves: make and move endpoints, start and steer rollouts, release versions from quarantine. */
    OPERATE,
    /** Take away models, versions, experiments, runs, logged models and artifacts; bring back those that are kept. */
    DELETE,
    /** Look at, make, change and try webhooks: they send what happens here to other places. */
    ADMINISTER
}
