package io.modelward.registry.publish;

import io.modelward.core.card.Card;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.signature.BumpRule;
import io.modelward.core.signature.BumpRule.BumpCheck;
import io.modelward.core.signature.Comparison;
import io.modelward.core.signature.Compatibility;
import io.modelward.core.signature.Finding;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.Bump;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Chooses a new version's number and holds it to the least bump that its signature allows. */
final class VersionRule {

    private static final SemVer FIRST = SemVer.parse("1.0.0");

    private final Versions versions;
    private final ModelId model;
    private final Signature signature;
    private final boolean external;
    private final PublishRequest request;
    /**
     * The version to compare with: the highest release that has bytes here. A deleted one counts too, since its callers
     * may still be there.
     */
    private final Optional<PublishedVersion> highestHere;

    /** @param external whether its bytes are elsewhere: nobody is served by it, so it can break nobody */
    VersionRule(Versions versions, ModelId model, Signature signature, boolean external, PublishRequest request) {
        this.versions = versions;
        this.model = model;
        this.signature = signature;
        this.external = external;
        this.highestHere = external ? Optional.empty() : versions.highestRelease(model, Optional.empty());
        this.request = request;
    }

    /**
     * The answer of the rule for a number that it allows.
     *
     * @param least the least bump from the version below; MAJOR for the first version
     */
    record Ruling(Bump least, List<String> warnings) {}

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
        Optional<SemVer> highest = versions.highestNumber(model);
        if (highest.isEmpty()) {
            return FIRST;
        }
        // A release that a pre-release of a higher number already announces is not stepped over: the rule compares with
        // releases only.
        SemVer number = highest.get();
        Bump bump = wanted.orElseGet(() -> highestHere
                .map(base -> {
                    SemVer least = leastVersion(base.summary().version(), compare(base));
                    return least.compareTo(number.next(Bump.MINOR)) <= 0 ? Bump.MINOR : Bump.MAJOR;
                })
                .orElse(Bump.MINOR));
        return number.next(bump);
    }

    /** The highest release below a number that has bytes here. */
    private Optional<PublishedVersion> base(SemVer below) {
        return highestHere.isEmpty() || highestHere.get().summary().version().compareTo(below) < 0
                ? highestHere
                : versions.highestRelease(model, Optional.of(below));
    }

    /** @throws ProblemException of kind REFUSED when the number is too low for what changed */
    Ruling judge(SemVer version) {
        if (external) {
            return new Ruling(Bump.MINOR, List.of("its files are kept elsewhere, so it was compared with no version"));
        }
        Optional<PublishedVersion> below = base(version.release());
        if (below.isEmpty()) {
            return new Ruling(Bump.MAJOR, List.of());
        }
        SemVer base = below.get().summary().version();
        Comparison comparison = compare(below.get());
        List<String> warnings = new ArrayList<>();
        boolean override = !request.overrideReason().isBlank();
        BumpCheck decision = BumpRule.decide(version, Optional.of(base), comparison, override);
        if (!decision.allowed()) {
            throw tooLow(version, base, comparison, decision);
        }
        if (signature.isUnknown() && below.get().signature().isUnknown()) {
            warnings.add("neither this version nor " + base
                    + " says what it takes and gives, so whether it is compatible" + " is not known");
        }
        if (Compatibility.learnt(below.get().signature().input(), signature.input())) {
            warnings.add(base + " did not say what a row is, and this version does: it may refuse rows that callers of "
                    + base + " send");
        }
        if (override && !comparison.unknown().isEmpty()) {
            warnings.add(
                    "whether it is compatible could not be decided and was overridden: " + request.overrideReason());
        }
        return new Ruling(decision.least(), warnings);
    }

    private Comparison compare(PublishedVersion base) {
        return Compatibility.compare(base.signature(), signature);
    }

    private static SemVer leastVersion(SemVer base, Comparison comparison) {
        return BumpRule.leastVersion(base, comparison.leastBump());
    }

    private static ProblemException tooLow(SemVer version, SemVer base, Comparison comparison, BumpCheck decision) {
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
