package io.modelward.core.route;

import io.modelward.core.audit.Change;
import io.modelward.core.json.Encoded;
import io.modelward.core.json.Json;
import io.modelward.core.signature.Signature;
import java.util.List;
import java.util.Optional;

/**
 * One revision of an endpoint's route, with how it came to be. It never changes. Its arms and its contract are read
 * when they are first asked for, so that a long history is cheap and a revision that is damaged is a problem for who
 * asks for that one alone.
 *
 * @param cause what made it: create, flip, rollback, …
 * @param rolloutStep of the rollout that made it; empty: a plain move
 */
public record RouteRevision(
        String endpoint,
        long revision,
        String cause,
        Encoded<List<Arm>> encodedArms,
        Encoded<Signature> encodedContract,
        boolean contractChanged,
        Optional<RolloutStep> rolloutStep,
        Change change) {

    /** A new revision. */
    public static RouteRevision of(
            Route route, String cause, boolean contractChanged, Optional<RolloutStep> rolloutStep, Change change) {
        return new RouteRevision(
                route.endpoint(),
                route.revision(),
                cause,
                Encoded.write(route.arms(), arms -> Json.write(route.armsJson())),
                Encoded.write(route.contract(), contract -> Json.write(contract.toJson())),
                contractChanged,
                rolloutStep,
                change);
    }

    /**
     * A revision that is kept.
     *
     * @param arms JSON array of arms
     * @param contract JSON of a signature
     */
    public static RouteRevision read(
            String endpoint,
            long revision,
            String cause,
            String arms,
            String contract,
            boolean contractChanged,
            Optional<RolloutStep> rolloutStep,
            Change change) {
        return new RouteRevision(
                endpoint,
                revision,
                cause,
                Encoded.read(arms, text -> Route.arms(Json.parse(text, "arms"))),
                Encoded.read(contract, text -> Signature.fromJson(Json.parse(text, "contract"))),
                contractChanged,
                rolloutStep,
                change);
    }

    public List<Arm> arms() {
        return encodedArms.value();
    }

    /** The signature that callers of the endpoint rely on. */
    public Signature contract() {
        return encodedContract.value();
    }

    /** The arm that a rollback returns to. */
    public Arm active() {
        return arms().stream()
                .filter(arm -> arm.role() == ArmRole.ACTIVE)
                .findFirst()
                .orElseThrow();
    }

    public Route route() {
        return new Route(endpoint, revision, arms(), contract());
    }
}
