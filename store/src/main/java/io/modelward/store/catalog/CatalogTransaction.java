package io.modelward.store.catalog;

/** The tables of the catalog within one transaction. */
public interface CatalogTransaction {

    Models models();

    Versions versions();

    VersionStates versionStates();

    VersionOrigins versionOrigins();

    Tags modelTags();

    Tags versionTags();

    Drafts drafts();

    Aliases aliases();

    Routes routes();

    Rollouts rollouts();

    Experiments experiments();

    Runs runs();

    RunData runData();

    RunInputs runInputs();

    LoggedModels loggedModels();

    TrackingPurges trackingPurges();

    Artifacts artifacts();

    Webhooks webhooks();

    Deliveries deliveries();

    Jobs jobs();

    Reproductions reproductions();

    NoticeQueue noticeQueue();

    NotificationChannels notificationChannels();

    NotificationMessages notificationMessages();

    AccessTables access();

    RetentionTables retention();

    AuditLog audit();

    RowChecks rowChecks();

    Blobs blobs();

    RegistryName registryName();

    RawTables rawTables();
}
