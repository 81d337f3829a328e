package io.modelward.gateway.route;

import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.route.Arm;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import io.modelward.core.signature.Comparison;
import io.modelward.core.signature.Compatibility;
import io.modelward.core.signature.Finding;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.EndpointName;
import io.modelward.gateway.model.ServableVersion;
import io.modelward.registry.publish.Findings;
import io.modelward.registry.webhook.Events;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** Route revisions as the catalog keeps them: what they say, and the rules that every new one is held to. */
public final class Revisions {

    /** The cause of the first revision of an endpoint, and of the first after the endpoint was deleted. */
    static final String CREATE = "create";
    /** The cause of a revision that goes back to what was live before. */
    static final String ROLLBACK = "rollback";

    private Revisions() {}

    /** The revisions since the endpoint was created, or created again, oldest first. */
    static List<RouteRevision> sinceCreation(CatalogTransaction tx, String endpoint) {
        List<RouteRevision> all = tx.routes().allRevisions(endpoint);
        int first = 0;
        for (int i = 0; i < all.size(); i++) {
            first = all.get(i).cause().equals(CREATE) ? i : first;
        }
        return all.subList(first, all.size());
    }

    /** The current revision, to decide on. */
    public static RouteRevision current(CatalogTransaction tx, EndpointName endpoint) {
        Endpoint row = EndpointService.require(tx.routes(), endpoint);
        return tx.routes().revision(row.endpoint(), row.revision()).orElseThrow();
    }

    /** @throws ProblemException NOT_FOUND when there is no such endpoint, and none was deleted either */
    public static void requireKnown(CatalogTransaction tx, EndpointName endpoint) {
        if (tx.routes().known(endpoint.value()).isEmpty()) {
            throw EndpointService.missing(tx.routes(), endpoint);
        }
    }

    /**
     * Inserts the next revision with its one audit entry.
     *
     * @param decided the revision that the decision was made on; 0 when there was none
     * @param action the audit entry's, such as {@code endpoint.flip}
     * @param more further members of the audit entry's detail; those that are there already win
     * @throws ProblemException CONFLICT when another came first
     */
    public static Endpoint insert(
            CatalogTransaction tx, RouteRevision row, long decided, String action, Arm about, ObjectNode more) {
        Optional<Endpoint> now = tx.routes().known(row.endpoint());
        if (!row.cause().equals(CREATE)) {
            // A deletion keeps the number of the revision, so the number alone would not tell.
            EndpointService.require(tx.routes(), EndpointName.parse(row.endpoint()));
        }
        long revision = now.map(Endpoint::revision).orElse(0L);
        if (revision != decided) {
            throw changed(tx, tx.routes().revision(row.endpoint(), revision).orElseThrow());
        }
        if (now.isEmpty()) {
            tx.routes().insertEndpoint(row.endpoint(), row.change().at());
        }
        boolean moved = row.cause().equals(CREATE)
                || tx.routes()
                        .revision(row.endpoint(), revision)
                        .filter(before -> before.active().serves(row.active()))
                        .isEmpty();
        tx.routes().insertRevision(row);
        if (moved) {
            Events.endpointMoved(tx, row);
        }
        ObjectNode detail = Json.object()
                .put("revision", row.revision())
                .put("model", about.model().toString())
                .put("version", about.version().toString())
                .put("digest", about.digest().toString());
        more.properties().forEach(member -> detail.putIfAbsent(member.getKey(), member.getValue()));
        tx.audit().append(row.change(), action, "endpoint:" + row.endpoint(), detail);
        return tx.routes().endpoint(row.endpoint()).orElseThrow();
    }

    public static ProblemException changed(CatalogTransaction tx, RouteRevision current) {
        Arm arm = new PresentNames(tx).of(current.active());
        return Problem.of(
                        ProblemType.CONFLICT,
                        "The endpoint was changed meanwhile: revision " + current.revision() + " serves " + arm.model()
                                + "@" + arm.version() + ". Look at it and decide again.")
                .with(
                        "current",
                        new TreeMap<>(Map.of(
                                "revision", current.revision(),
                                "model", arm.model().toString(),
                                "version", arm.version().toString(),
                                "digest", arm.digest().toString(),
                                "actor", current.change().actor(),
                                "reason", current.change().reason())))
                .exception();
    }

    /** @throws ProblemException REFUSED with the findings when the version breaks the contract */
    public static void requireCompatible(EndpointName name, Signature contract, ServableVersion target, String field) {
        Comparison comparison = Compatibility.compare(contract, target.signature());
        List<Finding> breaking = new ArrayList<>(comparison.breaking());
        breaking.addAll(comparison.unknown());
        if (breaking.isEmpty()) {
            return;
        }
        List<String> first = breaking.stream()
                .limit(5)
                .map(finding -> finding.path() + ": " + finding.what())
                .toList();
        throw Problem.field(
                        ProblemType.REFUSED,
                        field,
                        target.reference() + " breaks the contract of endpoint " + name + ": "
                                + String.join("; ", first)
                                + ". Serve it from a new endpoint, or change the contract in the same act:"
                                + " change_contract, on the command line --change-contract.")
                .with("breaking", Findings.json(breaking))
                .exception();
    }

    /** @throws ProblemException CONFLICT when the version was rolled back from the endpoint and is not released */
    public static void requireNotQuarantined(CatalogTransaction tx, EndpointName name, ServableVersion target) {
        tx.rollouts().quarantined(name.value(), target.digest()).ifPresent(quarantine -> {
            throw Problem.of(
                            ProblemType.CONFLICT,
                            target.reference() + " was rolled back from endpoint " + name + " (rollout "
                                    + quarantine.rollout() + "): " + quarantine.why()
                                    + " Release it with a reason before it may serve here again.")
                    .with("quarantined_by", quarantine.rollout())
                    .exception();
        });
    }
}
