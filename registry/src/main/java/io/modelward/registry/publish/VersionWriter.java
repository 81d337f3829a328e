package io.modelward.registry.publish;

import io.modelward.core.audit.Change;
import io.modelward.core.card.Card;
import io.modelward.core.card.Card.Completed;
import io.modelward.core.json.Encoded;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.published.Stage;
import io.modelward.core.published.VersionDocuments;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.published.VersionState;
import io.modelward.core.published.VersionSummary;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.SemVer;
import io.modelward.core.version.VersionRef;
import io.modelward.registry.publish.TrainingRuns.TrainingRun;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.failpoint.Failpoints;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.node.ObjectNode;

/** Makes a version of content, in the caller's transaction: its number and ordinal, its rows and the audit entry. */
final class VersionWriter {

    private static final int MOST_NAMED = 5;

    private final Failpoints failpoints;

    VersionWriter(Failpoints failpoints) {
        this.failpoints = failpoints;
    }

    /** A new version with its changeable state. */
    record Written(PublishedVersion row, VersionState state) {}

    /**
     * Writes it.
     *
     * @param description what is said of it at first; people may change it
     * @param training the run of a training job that publishes the version
     * @throws ProblemException CONFLICT when the number is taken; REFUSED when card, signature or number break a rule
     */
    Written write(
            CatalogTransaction tx,
            RegisteredModel model,
            Content content,
            String description,
            PublishRequest request,
            Optional<TrainingRun> training,
            Change change) {
        Optional<TrainingRun.Admission> admission = training.map(run -> run.admit(tx, model, content.card()));
        PublishRequest asked =
                admission.map(admitted -> request.withBump(admitted.bump())).orElse(request);
        VersionRule rule = new VersionRule(tx.versions(), model.id(), content.signature(), content.external(), asked);
        SemVer chosen = rule.choose(content.card());
        SemVer version =
                admission.map(admitted -> numbered(chosen, admitted, request)).orElse(chosen);
        if (admission.flatMap(TrainingRun.Admission::again).isEmpty()) {
            // What is made once more names the version that it is made from.
            content.card().requireVersion(version);
        }
        if (!(request.number() instanceof PublishRequest.Number.Next)) {
            // The next number is above all that were given.
            tx.versions().find(model.id(), version).ifPresent(row -> refuseTaken(row, content));
        }
        VersionRule.Ruling ruling = rule.judge(version);
        long ordinal = tx.models().takeOrdinal(model.id(), change.at());
        PublishedVersion row = row(tx.versions().nextId(), model, content, version, ordinal, ruling, change);
        long id = row.summary().id();
        tx.versions().insert(row, content.manifest().files());
        VersionState state = new VersionState(
                id, description, Stage.NONE, change.at().truncatedTo(ChronoUnit.MILLIS), Optional.empty());
        tx.versionStates().insert(model.id(), ordinal, state);
        content.origin().ifPresent(origin -> tx.versionOrigins().insert(id, origin));
        training.ifPresent(run -> run.published(tx, row));
        failpoints.pass("publish.before-audit");
        tx.audit()
                .append(
                        change,
                        "publish",
                        model.name().toString(),
                        Json.object()
                                .put("model_id", model.id().value())
                                .put("version", version.toString())
                                .put("ordinal", ordinal)
                                .put("digest", row.summary().digest().toString())
                                .put("least_bump", row.leastBump().label())
                                .put("override_reason", request.overrideReason()));
        return new Written(row, state);
    }

    /**
     * The number of a version of a training job: of one that a gate holds back, a pre-release of the number that the
     * version would have had; of one that makes another once more, a pre-release of the other's.
     */
    private static SemVer numbered(SemVer version, TrainingRun.Admission admission, PublishRequest request) {
        if (admission.again().isPresent()) {
            SemVer again = admission.again().get();
            return SemVer.parse(again.release() + "-"
                    + (again.isPreRelease() ? String.join(".", again.preRelease()) + "." : "") + admission.suffix());
        }
        if (admission.held().isEmpty()) {
            return version;
        }
        if (!(request.number() instanceof PublishRequest.Number.Next)) {
            throw ProblemException.refused(
                    "version",
                    "The version does not hold what the job demands: "
                            + admission.held().get()
                            + ". It is not published as " + version
                            + ". Leave the number to the server, and it is kept as a pre-release.");
        }
        return SemVer.parse(version.release() + "-" + admission.suffix());
    }

    /** In words, such as {@code the files are the same; the card differs in author, accuracy}. */
    private static String differences(PublishedVersion row, Content content) {
        Set<FileEntry> there = Set.copyOf(row.manifest().files());
        Set<FileEntry> sent = Set.copyOf(content.manifest().files());
        Set<String> files = new TreeSet<>();
        Stream.concat(
                        there.stream().filter(file -> !sent.contains(file)),
                        sent.stream().filter(file -> !there.contains(file)))
                .forEach(file -> files.add(file.path().value()));
        Set<String> members = new TreeSet<>();
        ObjectNode before = row.card();
        ObjectNode after = content.card().asSent();
        Stream.concat(before.propertyNames().stream(), after.propertyNames().stream())
                .filter(name -> !before.path(name).equals(after.path(name)))
                .forEach(name -> members.add(Quoted.plain(name)));
        return (files.isEmpty() ? "the files are the same" : "these files differ: " + some(files))
                + (members.isEmpty() ? "; the card is the same" : "; the card differs in " + some(members));
    }

    private static String some(Set<String> names) {
        String first = names.stream().limit(MOST_NAMED).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }

    private static void refuseTaken(PublishedVersion row, Content content) {
        VersionSummary current = row.summary();
        String name = current.model() + "@" + current.version();
        throw Problem.of(
                        ProblemType.CONFLICT,
                        row.active()
                                ? name + " is published already, with other content ("
                                        + current.digest().shortForm()
                                        + "): " + differences(row, content)
                                        + ". A version is never overwritten: publish under another number."
                                : name
                                        + " was published and deleted. A number is never given again: publish"
                                        + " under another.")
                .with(
                        "current",
                        new TreeMap<>(Map.of(
                                "version", current.version().toString(),
                                "ordinal", current.ordinal(),
                                "digest", current.digest().toString(),
                                "published_at", current.published().at().toString(),
                                "actor", current.published().actor())))
                .exception();
    }

    private static PublishedVersion row(
            long id,
            RegisteredModel model,
            Content content,
            SemVer version,
            long ordinal,
            VersionRule.Ruling ruling,
            Change change) {
        Completed card =
                content.card().complete(content.extras().known(model.name(), version, content.signature(), change));
        long size =
                content.manifest().files().stream().mapToLong(FileEntry::size).sum();
        return new PublishedVersion(
                new VersionSummary(
                        id,
                        new VersionRef(
                                model.id(),
                                model.name(),
                                version,
                                content.manifest().digest()),
                        ordinal,
                        size,
                        change,
                        Encoded.object(card.shown()),
                        Optional.empty()),
                VersionDocuments.of(
                        content.manifest(),
                        content.card().asSent(),
                        card.missing(),
                        content.signature(),
                        ruling.least(),
                        Stream.concat(ruling.warnings().stream(), content.warnings().stream())
                                .toList()));
    }

    /**
     * The content of the version to be written; it does not change any more.
     *
     * @param warnings the warnings that are not about the number
     * @param origin where it came from, when it was registered rather than uploaded for it
     */
    record Content(
            Card card,
            Manifest manifest,
            Signature signature,
            MetadataFiles extras,
            List<String> warnings,
            Optional<VersionOrigin> origin) {

        boolean external() {
            return origin.map(VersionOrigin::external).orElse(false);
        }
    }
}
