package io.modelward.registry.publish;

import io.modelward.core.card.Card;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.signature.BumpRule;
import io.modelward.core.signature.Comparison;
import io.modelward.core.signature.Compatibility;
import io.modelward.core.signature.Decision;
import io.modelward.core.signature.Finding;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.Bump;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses a new version's number and holds it to the least bump that its signature allows. */
final class VersionRule {

    private static final SemVer FIRST = SemVer.parse("1.0.0");

    private final CatalogTransaction tx;
    private final ModelName model;
    private final List<SemVer> published;
    private final Signature signature;
    private final PublishRequest request;

    VersionRule(
            CatalogTransaction tx,
            ModelName model,
            List<SemVer> published,
            Signature signature,
            PublishRequest request) {
        this.tx = tx;
        this.model = model;
        this.published = published;
        this.signature = signature;
        this.request = request;
    }

    /**
     * What the rule says of a number it allows.
     *
     * @param least the least bump from the version below; MAJOR for the first version
     */
    record Verdict(Bump least, List<String> warnings) {}

    SemVer choose(Card card) {
        return switch (request.number()) {
            case PublishRequest.Number.Exact exact -> exact.version();
            case PublishRequest.Number.OfCard _ ->
                card.version()
                        .orElseThrow(() -> ProblemException.invalid(
                                "version", "Say which version to publish: version, bump, or a version in the card."));
            case PublishRequest.Number.Next next -> next(next.bump());
        };
    }

    private SemVer next(Optional<Bump> wanted) {
        Optional<SemVer> highest =
                published.stream().filter(version -> !version.isPreRelease()).max(SemVer::compareTo);
        if (highest.isEmpty()) {
            return FIRST;
        }
        // A release that a pre-release of a higher number already announces is not stepped over: the rule compares with
        // releases only.
        SemVer base = highest.get();
        Bump bump = wanted.orElseGet(() -> {
            SemVer least = leastVersion(base, compare(base));
            return least.compareTo(base.next(Bump.MINOR)) <= 0 ? Bump.MINOR : Bump.MAJOR;
        });
        return base.next(bump);
    }

    /** @throws ProblemException of kind REFUSED when the number is too low for what changed */
    Verdict judge(SemVer version) {
        Optional<SemVer> base = BumpRule.base(version, published);
        if (base.isEmpty()) {
            return new Verdict(Bump.MAJOR, List.of());
        }
        Comparison comparison = compare(base.get());
        List<String> warnings = new ArrayList<>();
        boolean override = !request.overrideReason().isBlank();
        Decision decision = BumpRule.decide(version, base, comparison, override);
        if (!decision.allowed()) {
            throw tooLow(version, base.get(), comparison, decision);
        }
        if (override && !comparison.unknown().isEmpty()) {
            warnings.add(
                    "whether it is compatible could not be decided and was overridden: " + request.overrideReason());
        }
        return new Verdict(decision.least(), warnings);
    }

    private Comparison compare(SemVer base) {
        String old = tx.versions().find(model, base).orElseThrow().signature();
        return Compatibility.compare(Signature.fromJson(Json.parse(old, "signature")), signature);
    }

    private static SemVer leastVersion(SemVer base, Comparison comparison) {
        return BumpRule.leastVersion(base, comparison.leastBump());
    }

    private static ProblemException tooLow(SemVer version, SemVer base, Comparison comparison, Decision decision) {
        List<Finding> breaking = new ArrayList<>(comparison.breaking());
        breaking.addAll(comparison.unknown());
        String least = decision.leastVersion().map(SemVer::toString).orElse("");
        String what = breaking.isEmpty()
                ? "adds inputs or outputs to " + base
                : "breaks callers of " + base + ": "
                        + String.join(
                                "; ",
                                breaking.stream()
                                        .limit(5)
                                        .map(f -> f.path() + ": " + f.what())
                                        .toList());
        return Problem.field(
                        ProblemType.REFUSED,
                        "version",
                        version + " " + what + ". The least version allowed is " + least + ".")
                .with("breaking", Findings.json(breaking))
                .with("least_version", least)
                .with("least_bump", decision.least().label())
                .with("compared_with", base.toString())
                .exception();
    }
}
