package io.modelward.gateway.trace;

import io.modelward.core.access.Place;
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
import java.util.Optional;

/**
 * Finds the names behind the numbers of decision records. Many records have the same ones, which are looked up once; so
 * an instance is for one request, and one thread.
 */
final class DecisionNames {

    private final Catalog catalog;
    private final ModelRuntime runtime;
    private final Map<Chosen, Optional<Names>> known = new HashMap<>();

    DecisionNames(Catalog catalog, ModelRuntime runtime) {
        this.catalog = catalog;
        this.runtime = runtime;
    }

    /** What the names depend on. */
    private record Chosen(int endpoint, long revision, byte arm, Digest digest) {}

    private record Names(String endpoint, RevisionView route, Arm arm) {}

    /** Empty when the catalog does not know them: it is older than the record, as after a back-up. */
    Optional<TraceService.TracedDecision> of(PredictionId id, DecisionRecord record) {
        return names(record)
                .map(names -> new TraceService.TracedDecision(
                        id, record, names.endpoint(), names.route(), names.arm(), runtime.nameOf(record.runtime())));
    }

    /** The arm that answered, under the name that its model has now. */
    Optional<Arm> arm(DecisionRecord record) {
        return names(record).map(Names::arm);
    }

    /** Where the record lies among what roles are granted on: with the models that served at that time. */
    Optional<Place> place(DecisionRecord record) {
        return names(record)
                .map(names -> Place.endpoint(
                        names.endpoint(),
                        names.route().arms().stream()
                                .map(view -> view.arm().model().toString())
                                .distinct()
                                .toList()));
    }

    private Optional<Names> names(DecisionRecord record) {
        return known.computeIfAbsent(
                new Chosen(record.endpoint(), record.revision(), record.arm(), record.digest()), this::lookUp);
    }

    // A decision record keeps the role as its number.
    @SuppressWarnings("EnumOrdinal")
    private Optional<Names> lookUp(Chosen chosen) {
        return catalog.read(tx -> {
            Optional<Endpoint> endpoint = tx.routes().endpointByNumber(chosen.endpoint());
            Optional<RouteRevision> route =
                    endpoint.flatMap(row -> tx.routes().revision(row.endpoint(), chosen.revision()));
            ArmRole role = ArmRole.values()[chosen.arm()];
            return route.flatMap(revision -> revision.arms().stream()
                    .filter(candidate ->
                            candidate.role() == role && candidate.digest().equals(chosen.digest()))
                    .findFirst()
                    .map(arm -> {
                        PresentNames names = new PresentNames(tx);
                        return new Names(endpoint.orElseThrow().endpoint(), names.of(revision), names.of(arm));
                    }));
        });
    }
}
