package io.modelward.jobs;

import io.modelward.core.job.JobRun;
import io.modelward.core.job.Reproduction;
import io.modelward.core.job.ReproductionReport;
import io.modelward.core.job.ReproductionReport.Files;
import io.modelward.core.job.ReproductionReport.Metric;
import io.modelward.core.job.ReproductionReport.Predictions;
import io.modelward.core.job.ReproductionReport.Verdict;
import io.modelward.core.job.Tolerance;
import io.modelward.core.job.TrainedVersion;
import io.modelward.core.manifest.FileEntry;
import io.modelward.core.published.PublishedVersion;
import io.modelward.core.version.SemVer;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Compares what a run made with the version that the run was to make once more, and keeps the report. */
public final class ReproductionEnd {

    private static final int MOST_NAMED = 5;

    private final Catalog catalog;
    private final Answers answers;

    /** Compares the answers of two versions. */
    @FunctionalInterface
    public interface Answers {
        Predictions compare(PublishedVersion then, PublishedVersion now, Tolerance tolerance)
                throws InterruptedException;
    }

    ReproductionEnd(Catalog catalog, Answers answers) {
        this.catalog = catalog;
        this.answers = answers;
    }

    /** The version, what was made, and the packages of the run that made the version. */
    private record Pair(Reproduction asked, PublishedVersion then, PublishedVersion now, String packages) {}

    /**
     * The report in a sentence; empty when the version that the run was to make, or what it made, is gone. Blocking: it
     * may load both versions.
     *
     * @param run with the packages that it had
     * @param found the number of a version that has every byte of what the run made; the run published no other then
     */
    Optional<String> of(JobRun run, Optional<String> found) {
        Optional<Pair> pair = catalog.read(tx -> pair(tx, run, found));
        return pair.map(both -> {
            ReproductionReport report = compare(both, run);
            catalog.write(tx -> {
                tx.reproductions().report(run.id(), report);
                return true;
            });
            return report.words();
        });
    }

    private static Optional<Pair> pair(CatalogTransaction tx, JobRun run, Optional<String> found) {
        Reproduction asked = tx.reproductions().find(run.id()).orElseThrow();
        Optional<PublishedVersion> then = tx.versions().find(asked.version());
        Optional<JobRun> first =
                tx.jobs().trained(asked.version()).flatMap(trained -> tx.jobs().run(trained.run()));
        if (then.isEmpty() || first.isEmpty()) {
            return Optional.empty();
        }
        return made(tx, run, first.get(), then.get(), found)
                .map(now ->
                        new Pair(asked, then.get(), now, first.get().progress().lock()));
    }

    /** Of several versions of a run, the one in the place that the first version has among those of the first run. */
    private static Optional<PublishedVersion> made(
            CatalogTransaction tx, JobRun run, JobRun first, PublishedVersion then, Optional<String> found) {
        Optional<PublishedVersion> same =
                found.flatMap(number -> tx.versions().find(then.summary().ref().modelId(), SemVer.parse(number)));
        List<TrainedVersion> versions = tx.jobs().versions(run.id());
        if (versions.isEmpty()
                || same.filter(version ->
                                version.summary().id() == then.summary().id())
                        .isPresent()) {
            return same;
        }
        int place = tx.jobs().versions(first.id()).stream()
                .map(TrainedVersion::version)
                .toList()
                .indexOf(then.summary().id());
        return tx.versions()
                .find(versions.get(Math.min(Math.max(0, place), versions.size() - 1))
                        .version());
    }

    private ReproductionReport compare(Pair pair, JobRun run) {
        Tolerance tolerance = new Tolerance(pair.asked().tolerance());
        Files files = files(pair.then(), pair.now());
        Optional<Predictions> predictions =
                files.allEqual() ? Optional.empty() : Optional.of(predictions(pair, tolerance));
        List<Metric> metrics = metrics(pair, tolerance);
        List<String> packages = packages(pair.packages(), run.progress().lock());
        Verdict verdict;
        if (files.allEqual()) {
            verdict = Verdict.IDENTICAL;
        } else if (predictions.orElseThrow().holds() && metrics.stream().allMatch(Metric::holds)) {
            verdict = Verdict.EQUIVALENT;
        } else {
            verdict = Verdict.DIFFERENT;
        }
        String made = pair.now().ref().version().toString();
        return new ReproductionReport(
                verdict,
                words(pair, verdict, files, predictions, metrics, packages),
                made,
                files,
                predictions,
                metrics,
                packages);
    }

    private Predictions predictions(Pair pair, Tolerance tolerance) {
        try {
            return answers.compare(pair.then(), pair.now(), tolerance);
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
            return new Predictions(0, 0, 0, 0, 0, 0, "The server was stopped before the answers were compared.");
        }
    }

    private static Files files(PublishedVersion then, PublishedVersion now) {
        Map<String, FileEntry> before = byPath(then);
        Map<String, FileEntry> after = byPath(now);
        int equal = 0;
        List<String> different = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (Map.Entry<String, FileEntry> file : before.entrySet()) {
            FileEntry other = after.get(file.getKey());
            if (other == null) {
                missing.add(file.getKey());
            } else if (other.sha256().equals(file.getValue().sha256())) {
                equal++;
            } else {
                different.add(file.getKey());
            }
        }
        List<String> added = after.keySet().stream()
                .filter(path -> !before.containsKey(path))
                .toList();
        return new Files(equal, different, missing, added);
    }

    private static Map<String, FileEntry> byPath(PublishedVersion version) {
        Map<String, FileEntry> files = new TreeMap<>();
        version.manifest().files().forEach(file -> files.put(file.path().value(), file));
        return files;
    }

    private static List<Metric> metrics(Pair pair, Tolerance tolerance) {
        Map<String, Double> then = RunTraining.metrics(pair.then().shownCard());
        Map<String, Double> now = RunTraining.metrics(pair.now().shownCard());
        TreeSet<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        return names.stream()
                .map(name -> {
                    Optional<Double> before = Optional.ofNullable(then.get(name));
                    Optional<Double> after = Optional.ofNullable(now.get(name));
                    boolean holds = before.isPresent()
                            && after.isPresent()
                            && tolerance.allows(Tolerance.distance(before.get(), after.get()));
                    return new Metric(name, before, after, holds);
                })
                .toList();
    }

    /** In words, such as {@code numpy 2.1.0 then, 2.2.0 now}. */
    static List<String> packages(String then, String now) {
        Map<String, String> before = releases(then);
        Map<String, String> after = releases(now);
        List<String> words = new ArrayList<>();
        before.forEach((name, release) -> {
            String other = after.get(name);
            if (other == null) {
                words.add(name + " " + release + " then, none now");
            } else if (!other.equals(release)) {
                words.add(name + " " + release + " then, " + other + " now");
            }
        });
        after.forEach((name, release) -> {
            if (!before.containsKey(name)) {
                words.add(name + " none then, " + release + " now");
            }
        });
        return words;
    }

    private static Map<String, String> releases(String lock) {
        Map<String, String> releases = new LinkedHashMap<>();
        lock.lines().forEach(line -> {
            String[] parts = line.split("==", 2);
            releases.put(parts[0], parts.length == 2 ? parts[1] : "");
        });
        return releases;
    }

    private static String words(
            Pair pair,
            Verdict verdict,
            Files files,
            Optional<Predictions> predictions,
            List<Metric> metrics,
            List<String> packages) {
        String name = pair.then().ref().reference();
        StringBuilder words = new StringBuilder(
                switch (verdict) {
                    case IDENTICAL ->
                        name + " was reproduced: every file is equal, byte by byte ("
                                + (files.equal() == 1 ? "1 file" : files.equal() + " files") + ").";
                    case EQUIVALENT ->
                        name + " was reproduced within the tolerance: " + differing(files) + "; "
                                + answered(predictions.orElseThrow()) + ".";
                    case DIFFERENT ->
                        name + " was not reproduced: " + differing(files) + "; " + answered(predictions.orElseThrow())
                                + ".";
                });
        List<String> moved = metrics.stream()
                .filter(metric -> !metric.holds())
                .map(metric -> metric.name() + " was " + text(metric.then()) + " and is " + text(metric.now()))
                .toList();
        if (!moved.isEmpty()) {
            words.append(" Metrics that differ: ").append(some(moved)).append('.');
        }
        if (!packages.isEmpty()) {
            words.append(" The environments differ: ").append(some(packages)).append('.');
        }
        return words.toString();
    }

    private static String text(Optional<Double> value) {
        return value.map(String::valueOf).orElse("not told");
    }

    private static String differing(Files files) {
        List<String> parts = new ArrayList<>();
        if (!files.different().isEmpty()) {
            parts.add("these files differ: " + some(files.different()));
        }
        if (!files.missing().isEmpty()) {
            parts.add("these files were not made again: " + some(files.missing()));
        }
        if (!files.added().isEmpty()) {
            parts.add("these files were not there before: " + some(files.added()));
        }
        return String.join("; ", parts);
    }

    private static String answered(Predictions answers) {
        if (!answers.failure().isEmpty()) {
            return "the answers could not be compared, since "
                    + answers.failure().replaceAll("\\.$", "");
        }
        int rows = answers.equal() + answers.within() + answers.different();
        if (answers.different() > 0) {
            return "the answers to " + answers.different() + " of " + rows + " rows differ";
        }
        return answers.within() == 0
                ? "the answers to all " + rows + " rows are equal"
                : "the answers to all " + rows + " rows differ by at most " + answers.largest();
    }

    private static String some(List<String> names) {
        String first = String.join(", ", names.subList(0, Math.min(MOST_NAMED, names.size())));
        return names.size() > MOST_NAMED ? first + " and " + (names.size() - MOST_NAMED) + " more" : first;
    }
}
