package io.modelward.registry.assembly;

import io.modelward.core.access.Access;
import io.modelward.core.access.Principal;
import io.modelward.core.memory.MemoryShare;
import io.modelward.registry.AuditService;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.artifact.PartsUploads;
import io.modelward.registry.blob.BlobIntake;
import io.modelward.registry.collect.GarbageCollection;
import io.modelward.registry.compare.CompareService;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.publish.Registrar;
import io.modelward.registry.publish.TrainingRuns;
import io.modelward.registry.retention.LeftoverService;
import io.modelward.registry.retention.RetentionParts;
import io.modelward.registry.retention.RetentionPurge;
import io.modelward.registry.retention.RetentionRounds;
import io.modelward.registry.retention.RetentionRules;
import io.modelward.registry.retention.RetentionService;
import io.modelward.registry.retention.VersionKeeper;
import io.modelward.registry.tracking.ExperimentBrowser;
import io.modelward.registry.tracking.ExperimentService;
import io.modelward.registry.tracking.LoggedModelSearch;
import io.modelward.registry.tracking.LoggedModelService;
import io.modelward.registry.tracking.MetricHistory;
import io.modelward.registry.tracking.ModelHistory;
import io.modelward.registry.tracking.RunLog;
import io.modelward.registry.tracking.RunSearch;
import io.modelward.registry.tracking.RunService;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.registry.verify.Verifier;
import io.modelward.registry.version.ModelBrowser;
import io.modelward.registry.version.VersionLookup;
import io.modelward.registry.version.VersionService;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/** The services of the registry, put together. They share the storage and own no thread. */
public final class RegistryServices {

    public final VersionService versions;
    public final BlobIntake intake;
    public final VersionLookup versionLookup;
    public final ModelBrowser browser;
    public final CompareService compare;
    public final Verifier verifier;
    public final AuditService audit;
    public final DraftService drafts;
    public final Publisher publisher;
    public final AliasService aliases;
    public final ArtifactService artifacts;
    public final PartsUploads parts;
    public final ModelService models;
    public final ModelDirectory directory;
    public final VersionStateService versionStates;
    public final Registrar registrar;
    public final ExperimentService experiments;
    public final ExperimentBrowser experimentBrowser;
    public final RunService runs;
    public final RunSearch runSearch;
    public final RunLog runLog;
    public final MetricHistory metricHistory;
    public final LoggedModelService loggedModels;
    public final LoggedModelSearch loggedModelSearch;
    public final ModelHistory modelHistory;
    public final Housekeeping housekeeping;
    public final AuditSequencer auditSequencer;
    public final RetentionRules retentionRules;
    public final RetentionService retention;
    public final RetentionPurge retentionPurge;
    public final RetentionRounds retentionRounds;
    public final LeftoverService leftovers;
    public final GarbageCollection garbage;

    private volatile TrainingRuns trainings = TrainingRuns.NONE;
    private final List<ModelWatch> watches = new CopyOnWriteArrayList<>();
    private final List<VersionKeeper> keepers = new CopyOnWriteArrayList<>();

    /**
     * Puts the services together.
     *
     * @param access what each asks before it does anything for a caller
     * @param random unguessable: who knows a draft's id may write to the draft
     * @param inspector finds out what a version takes and gives that does not say so
     * @param documents the memory for documents beside a model
     * @param verifiers runs verifications, which take long
     */
    public RegistryServices(
            Access access,
            Storage storage,
            InstantSource clock,
            RandomGenerator random,
            Inspector inspector,
            MemoryShare documents,
            ExecutorService verifiers) {
        this(access, storage, clock, random, inspector, documents, verifiers, Keeping.DEFAULT);
    }

    /** As above, with how long the registry keeps what nobody needs. */
    public RegistryServices(
            Access access,
            Storage storage,
            InstantSource clock,
            RandomGenerator random,
            Inspector inspector,
            MemoryShare documents,
            ExecutorService verifiers,
            Keeping keeping) {
        Catalog catalog = storage.catalog();
        BlobStore blobs = storage.blobs();
        Failpoints failpoints = storage.failpoints();
        ModelWatch all = () -> watches.forEach(ModelWatch::changed);
        this.versions = new VersionService(access, catalog, blobs);
        this.versionLookup = new VersionLookup(catalog, blobs);
        this.browser = new ModelBrowser(access, catalog);
        this.compare = new CompareService(access, catalog);
        this.verifier = new Verifier(access, catalog, blobs, storage.predictions(), verifiers, clock);
        this.audit = new AuditService(access, catalog);
        this.intake = new BlobIntake(catalog, blobs, clock, keeping.grace());
        this.drafts = new DraftService(access, catalog, intake, clock, random, this::training);
        this.publisher = new Publisher(access, catalog, blobs, clock, failpoints, inspector, documents, this::training);
        this.aliases = new AliasService(access, catalog, clock, failpoints);
        this.artifacts = new ArtifactService(access, catalog, blobs, intake, clock, inspector.formats());
        this.parts = new PartsUploads(access, artifacts, clock, random);
        this.models = new ModelService(
                access, catalog, clock, all, caller -> training(caller).map(run -> run::requireOwn));
        this.directory = new ModelDirectory(access, catalog);
        this.versionStates = new VersionStateService(access, catalog, clock, aliases, all);
        this.registrar = new Registrar(access, catalog, blobs, inspector, clock, failpoints, documents, this::training);
        this.experiments = new ExperimentService(access, catalog, clock);
        this.experimentBrowser = new ExperimentBrowser(access, catalog);
        this.runs = new RunService(access, catalog, clock, random);
        this.runSearch = new RunSearch(access, catalog);
        this.runLog = new RunLog(access, catalog, failpoints);
        this.metricHistory = new MetricHistory(access, catalog);
        this.loggedModels = new LoggedModelService(access, catalog, clock, random);
        this.loggedModelSearch = new LoggedModelSearch(access, catalog);
        this.modelHistory = new ModelHistory(access, catalog);
        this.housekeeping = new Housekeeping(catalog, blobs, clock, keeping.grace());
        this.auditSequencer = new AuditSequencer(catalog);
        RetentionParts retentions =
                RetentionParts.of(access, catalog, clock, failpoints, keeping.window(), keepers, all);
        this.retentionRules = retentions.rules();
        this.retention = retentions.service();
        this.retentionPurge = retentions.purge();
        this.retentionRounds = retentions.rounds();
        this.leftovers = RetentionParts.leftovers(access, storage, clock, keeping.leftovers(), housekeeping);
        this.garbage =
                new GarbageCollection(access, catalog, blobs, clock, keeping.grace(), housekeeping, retentionPurge);
    }

    /** Lets another part of the server keep versions from being deleted by rules. */
    public void keepVersions(VersionKeeper keeper) {
        keepers.add(keeper);
    }

    private Optional<TrainingRuns.TrainingRun> training(Principal caller) {
        return trainings.of(caller);
    }

    /** Lets versions that runs of training jobs publish be known as theirs. */
    public void train(TrainingRuns runs) {
        trainings = runs;
    }

    /** Lets a watch hear of models and versions that changed. */
    public void watch(ModelWatch watch) {
        watches.add(watch);
    }
}
