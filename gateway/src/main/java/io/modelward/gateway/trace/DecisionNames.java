package io.modelward.gateway.trace;

import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.route.Arm;
import io.modelward.core.route.ArmRole;
import io.modelward.core.route.Endpoint;
import io.modelward.core.route.RouteRevision;
import io.modelward.gateway.route.PresentNames;
import io.modelward.gateway.route.RevisionView;
import io.modelward.runtime.ModelRuntime;
import io.modelward.store.catalog.Catalog;
import java.util.HashMap;
import java.util.Map;

/**
 * Finds the names behind the numbers of decision records. Many records have the same ones, which are looked up once; so
 * an instance is for one request, and one thread.
 */
final class DecisionNames {

    private final Catalog catalog;
    private final ModelRuntime runtime;
    private final Map<Chosen, Names> known = new HashMap<>();

    DecisionNames(Catalog catalog, ModelRuntime runtime) {
        this.catalog = catalog;
        this.runtime = runtime;
    }

    /** What the names depend on. */
    private record Chosen(int endpoint, long revision, byte arm, Digest digest) {}

    private record Names(String endpoint, RevisionView route, Arm arm) {}

    TraceService.TracedDecision of(PredictionId id, DecisionRecord record) {
        Names names = names(record);
        return new TraceService.TracedDecision(
                id, record, names.endpoint(), names.route(), names.arm(), runtime.nameOf(record.runtime()));
    }

    /** The arm that answered, under the name that its model has now. */
    Arm arm(DecisionRecord record) {
        return names(record).arm();
    }

    private Names names(DecisionRecord record) {
        return known.computeIfAbsent(
                new Chosen(record.endpoint(), record.revision(), record.arm(), record.digest()), this::lookUp);
    }

    // A decision record keeps the role as its number.
    @SuppressWarnings("EnumOrdinal")
    private Names lookUp(Chosen chosen) {
        return catalog.read(tx -> {
            Endpoint endpoint = tx.routes().endpointByNumber(chosen.endpoint()).orElseThrow();
            RouteRevision route =
                    tx.routes().revision(endpoint.endpoint(), chosen.revision()).orElseThrow();
            ArmRole role = ArmRole.values()[chosen.arm()];
            Arm arm = route.arms().stream()
                    .filter(candidate ->
                            candidate.role() == role && candidate.digest().equals(chosen.digest()))
                    .findFirst()
                    .orElseThrow();
            PresentNames names = new PresentNames(tx);
            return new Names(endpoint.endpoint(), names.of(route), names.of(arm));
        });
    }
}
