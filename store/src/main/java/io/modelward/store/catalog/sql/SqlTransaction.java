package io.modelward.store.catalog.sql;

import io.modelward.store.catalog.AccessTables;
import io.modelward.store.catalog.Aliases;
import io.modelward.store.catalog.Artifacts;
import io.modelward.store.catalog.AuditLog;
import io.modelward.store.catalog.Blobs;
import io.modelward.store.catalog.CatalogTransaction;
import io.modelward.store.catalog.Deliveries;
import io.modelward.store.catalog.Drafts;
import io.modelward.store.catalog.Experiments;
import io.modelward.store.catalog.Jobs;
import io.modelward.store.catalog.LoggedModels;
import io.modelward.store.catalog.Models;
import io.modelward.store.catalog.NoticeQueue;
import io.modelward.store.catalog.NotificationChannels;
import io.modelward.store.catalog.NotificationMessages;
import io.modelward.store.catalog.RawTables;
import io.modelward.store.catalog.RegistryName;
import io.modelward.store.catalog.Reproductions;
import io.modelward.store.catalog.RetentionTables;
import io.modelward.store.catalog.Rollouts;
import io.modelward.store.catalog.Routes;
import io.modelward.store.catalog.RowChecks;
import io.modelward.store.catalog.RunData;
import io.modelward.store.catalog.RunInputs;
import io.modelward.store.catalog.Runs;
import io.modelward.store.catalog.Tags;
import io.modelward.store.catalog.TrackingPurges;
import io.modelward.store.catalog.VersionOrigins;
import io.modelward.store.catalog.VersionStates;
import io.modelward.store.catalog.Versions;
import io.modelward.store.catalog.Webhooks;
import org.jdbi.v3.core.Handle;

/**
 * The catalog's tables over one JDBI handle. The SQL is the same on every database, but for the few words of its
 * dialect.
 */
public record SqlTransaction(Handle handle, Dialect dialect) implements CatalogTransaction {

    @Override
    public Models models() {
        return new SqlModels(handle, dialect);
    }

    @Override
    public Versions versions() {
        return new SqlVersions(handle, dialect);
    }

    @Override
    public VersionStates versionStates() {
        return new SqlVersionStates(handle);
    }

    @Override
    public VersionOrigins versionOrigins() {
        return new SqlVersionOrigins(handle);
    }

    @Override
    public Tags modelTags() {
        return new SqlTags(handle, "model_tags", "model");
    }

    @Override
    public Tags versionTags() {
        return new SqlTags(handle, "version_tags", "version");
    }

    @Override
    public Drafts drafts() {
        return new SqlDrafts(handle);
    }

    @Override
    public Aliases aliases() {
        return new SqlAliases(handle);
    }

    @Override
    public Routes routes() {
        return new SqlRoutes(handle);
    }

    @Override
    public Rollouts rollouts() {
        return new SqlRollouts(handle);
    }

    @Override
    public Experiments experiments() {
        return new SqlExperiments(handle, dialect);
    }

    @Override
    public Runs runs() {
        return new SqlRuns(handle, dialect);
    }

    @Override
    public RunData runData() {
        return new SqlRunData(handle);
    }

    @Override
    public RunInputs runInputs() {
        return new SqlRunInputs(handle);
    }

    @Override
    public LoggedModels loggedModels() {
        return new SqlLoggedModels(handle, dialect);
    }

    @Override
    public TrackingPurges trackingPurges() {
        return new SqlTrackingPurges(handle);
    }

    @Override
    public Artifacts artifacts() {
        return new SqlArtifacts(handle);
    }

    @Override
    public Webhooks webhooks() {
        return new SqlWebhooks(handle);
    }

    @Override
    public Deliveries deliveries() {
        return new SqlDeliveries(handle);
    }

    @Override
    public Jobs jobs() {
        return new SqlJobs(handle);
    }

    @Override
    public Reproductions reproductions() {
        return new SqlReproductions(handle);
    }

    @Override
    public NoticeQueue noticeQueue() {
        return new SqlNoticeQueue(handle);
    }

    @Override
    public NotificationChannels notificationChannels() {
        return new SqlNotificationChannels(handle);
    }

    @Override
    public NotificationMessages notificationMessages() {
        return new SqlNotificationMessages(handle);
    }

    @Override
    public AccessTables access() {
        return new SqlAccessTables(handle);
    }

    @Override
    public RetentionTables retention() {
        return new SqlRetention(handle);
    }

    @Override
    public AuditLog audit() {
        return new SqlAuditLog(handle);
    }

    @Override
    public RowChecks rowChecks() {
        return new SqlRowChecks(handle);
    }

    @Override
    public Blobs blobs() {
        return new SqlBlobs(handle);
    }

    @Override
    public RegistryName registryName() {
        return new SqlRegistryName(handle);
    }

    @Override
    public RawTables rawTables() {
        return new SqlRawTables(handle);
    }
}
