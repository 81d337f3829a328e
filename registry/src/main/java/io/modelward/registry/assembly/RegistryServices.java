package io.modelward.registry.assembly;

import io.modelward.core.memory.MemoryShare;
import io.modelward.registry.AuditService;
import io.modelward.registry.Housekeeping;
import io.modelward.registry.alias.AliasService;
import io.modelward.registry.artifact.ArtifactService;
import io.modelward.registry.compare.CompareService;
import io.modelward.registry.model.ModelAliases;
import io.modelward.registry.model.ModelDirectory;
import io.modelward.registry.model.ModelService;
import io.modelward.registry.model.ModelWatch;
import io.modelward.registry.model.VersionStateService;
import io.modelward.registry.publish.DraftService;
import io.modelward.registry.publish.Inspector;
import io.modelward.registry.publish.Publisher;
import io.modelward.registry.publish.Registrar;
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
import io.modelward.registry.version.VersionService;
import io.modelward.store.assembly.Storage;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.random.RandomGenerator;

/** The services of the registry, put together. They share the storage and own no thread. */
public final class RegistryServices {

    public final VersionService versions;
    public final CompareService compare;
    public final Verifier verifier;
    public final AuditService audit;
    public final DraftService drafts;
    public final Publisher publisher;
    public final AliasService aliases;
    public final ArtifactService artifacts;
    public final ModelService models;
    public final ModelDirectory directory;
    public final ModelAliases modelAliases;
    public final VersionStateService versionStates;
    public final Registrar registrar;
    public final ExperimentService experiments;
    public final RunService runs;
    public final RunSearch runSearch;
    public final RunLog runLog;
    public final MetricHistory metricHistory;
    public final LoggedModelService loggedModels;
    public final LoggedModelSearch loggedModelSearch;
    public final ModelHistory modelHistory;
    public final Housekeeping housekeeping;
    public final AuditSequencer auditSequencer;

    private final List<ModelWatch> watches = new CopyOnWriteArrayList<>();

    /**
     * Puts the services together.
     *
     * @param random unguessable: who knows a draft's id may write to the draft
     * @param inspector finds out what a version takes and gives that does not say so
     * @param documents the memory for documents beside a model
     * @param verifiers runs verifications, which take long
     */
    public RegistryServices(
            Storage storage,
            InstantSource clock,
            RandomGenerator random,
            Inspector inspector,
            MemoryShare documents,
            ExecutorService verifiers) {
        Catalog catalog = storage.catalog();
        BlobStore blobs = storage.blobs();
        Failpoints failpoints = storage.failpoints();
        ModelWatch all = () -> watches.forEach(ModelWatch::changed);
        this.versions = new VersionService(catalog, blobs);
        this.compare = new CompareService(catalog);
        this.verifier = new Verifier(catalog, blobs, storage.predictions(), verifiers);
        this.audit = new AuditService(catalog);
        this.drafts = new DraftService(catalog, blobs, clock, random);
        this.publisher = new Publisher(catalog, blobs, clock, failpoints, inspector, documents);
        this.aliases = new AliasService(catalog, clock, failpoints);
        this.artifacts = new ArtifactService(catalog, blobs, clock);
        this.models = new ModelService(catalog, clock, all);
        this.directory = new ModelDirectory(catalog);
        this.modelAliases = new ModelAliases(catalog, clock, aliases);
        this.versionStates = new VersionStateService(catalog, clock, aliases, all);
        this.registrar = new Registrar(catalog, blobs, inspector, clock, failpoints, documents);
        this.experiments = new ExperimentService(catalog, clock);
        this.runs = new RunService(catalog, clock, random);
        this.runSearch = new RunSearch(catalog);
        this.runLog = new RunLog(catalog, failpoints);
        this.metricHistory = new MetricHistory(catalog);
        this.loggedModels = new LoggedModelService(catalog, clock, random);
        this.loggedModelSearch = new LoggedModelSearch(catalog);
        this.modelHistory = new ModelHistory(catalog);
        this.housekeeping = new Housekeeping(catalog, blobs, clock);
        this.auditSequencer = new AuditSequencer(catalog);
    }

    /** Has somebody told of models and versions that changed. */
    public void watch(ModelWatch watch) {
        watches.add(watch);
    }
}
