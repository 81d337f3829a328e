-- All tables as the migrations up to version 8 leave them in other databases; those say what the tables mean. Text is ordered by code
-- point, as it is everywhere. Later versions are in the common folder.

CREATE TABLE models (
    id ${long} NOT NULL PRIMARY KEY,
    model ${text} NOT NULL,
    namespace ${text} NOT NULL,
    name ${text} NOT NULL,
    collision_key ${text} NOT NULL,
    description ${text} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    last_ordinal ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long},
    skeleton ${text} NOT NULL DEFAULT '',
    namespace_skeleton ${text} NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX models_by_key ON models (collision_key) WHERE active = 1;
CREATE INDEX models_by_full_name ON models (model, active);
CREATE INDEX models_by_name ON models (name);
CREATE INDEX models_by_skeleton ON models (skeleton) WHERE active = 1;
CREATE INDEX namespaces_by_skeleton ON models (namespace_skeleton, namespace) WHERE active = 1;

CREATE TABLE versions (
    id ${long} NOT NULL PRIMARY KEY,
    model ${long} NOT NULL REFERENCES models (id),
    ordinal ${long} NOT NULL,
    version ${text} NOT NULL,
    sort_key ${text} NOT NULL,
    pre_release ${long} NOT NULL,
    digest ${text} NOT NULL,
    manifest ${text} NOT NULL,
    card ${text} NOT NULL,
    shown_card ${text} NOT NULL,
    missing ${text} NOT NULL,
    signature ${text} NOT NULL,
    least_bump ${text} NOT NULL,
    warnings ${text} NOT NULL,
    size ${long} NOT NULL,
    published_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    row_hash ${bytes},
    UNIQUE (model, ordinal),
    UNIQUE (model, sort_key)
);
CREATE INDEX versions_by_digest ON versions (digest);
CREATE INDEX releases ON versions (model, pre_release, sort_key);

CREATE TABLE version_files (
    version ${long} NOT NULL REFERENCES versions (id),
    path ${text} NOT NULL,
    size ${long} NOT NULL,
    sha256 ${text} NOT NULL,
    row_hash ${bytes},
    PRIMARY KEY (version, path)
);
CREATE INDEX version_files_by_blob ON version_files (sha256);

CREATE TABLE version_states (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    model ${long} NOT NULL,
    ordinal ${long} NOT NULL,
    description ${text} NOT NULL,
    stage ${text} NOT NULL,
    updated_at ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
);
CREATE INDEX version_states_by_stage ON version_states (model, stage, active, ordinal);
CREATE INDEX version_states_by_change ON version_states (updated_at);

CREATE TABLE version_origins (
    version ${long} NOT NULL PRIMARY KEY REFERENCES versions (id),
    source ${text} NOT NULL,
    location ${text} NOT NULL,
    run ${text},
    logged_model ${text},
    run_link ${text},
    external ${long} NOT NULL
);
CREATE INDEX version_origins_by_run ON version_origins (run);
CREATE INDEX version_origins_by_model ON version_origins (logged_model);

CREATE TABLE drafts (
    id ${text} NOT NULL PRIMARY KEY,
    model ${long} NOT NULL REFERENCES models (id),
    created_at ${long} NOT NULL,
    expires_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    published ${long}
);

CREATE TABLE draft_files (
    draft ${text} NOT NULL REFERENCES drafts (id) ON DELETE CASCADE,
    path ${text} NOT NULL,
    size ${long} NOT NULL,
    sha256 ${text} NOT NULL,
    PRIMARY KEY (draft, path)
);
CREATE INDEX draft_files_by_blob ON draft_files (sha256);

CREATE TABLE aliases (
    model ${long} NOT NULL REFERENCES models (id),
    alias ${text} NOT NULL,
    ordinal ${long} NOT NULL,
    PRIMARY KEY (model, alias)
);
CREATE INDEX aliases_by_version ON aliases (model, ordinal);

CREATE TABLE alias_moves (
    model ${long} NOT NULL REFERENCES models (id),
    alias ${text} NOT NULL,
    sequence ${long} NOT NULL,
    ordinal ${long},
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    PRIMARY KEY (model, alias, sequence)
);

CREATE TABLE model_tags (
    model ${long} NOT NULL REFERENCES models (id),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (model, key)
);
CREATE INDEX model_tags_by_value ON model_tags (key, head, model);

CREATE TABLE version_tags (
    version ${long} NOT NULL REFERENCES versions (id),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (version, key)
);
CREATE INDEX version_tags_by_value ON version_tags (key, head, version);

CREATE TABLE endpoints (
    endpoint ${text} NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    revision ${long} NOT NULL,
    created_at ${long} NOT NULL
);

CREATE TABLE route_revisions (
    endpoint ${text} NOT NULL REFERENCES endpoints (endpoint),
    revision ${long} NOT NULL,
    cause ${text} NOT NULL,
    arms ${text} NOT NULL,
    contract ${text} NOT NULL,
    contract_changed ${long} NOT NULL,
    changed_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    rollout ${text},
    step ${long},
    row_hash ${bytes},
    PRIMARY KEY (endpoint, revision)
);

CREATE TABLE rollouts (
    id ${text} NOT NULL PRIMARY KEY,
    endpoint ${text} NOT NULL REFERENCES endpoints (endpoint),
    number ${long} NOT NULL,
    state ${text} NOT NULL,
    phase ${text} NOT NULL,
    version ${long} NOT NULL,
    attended ${long} NOT NULL,
    document ${text} NOT NULL,
    idempotency_key ${text},
    request ${text} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    UNIQUE (endpoint, number),
    UNIQUE (endpoint, idempotency_key)
);
CREATE UNIQUE INDEX rollouts_one_at_work ON rollouts (endpoint) WHERE phase = 'at_work';

CREATE TABLE evidence (
    rollout ${text} NOT NULL REFERENCES rollouts (id),
    tick ${long} NOT NULL,
    guardrail ${text} NOT NULL,
    revision ${long} NOT NULL,
    split ${long} NOT NULL,
    n_canary ${long} NOT NULL,
    x_canary ${long} NOT NULL,
    n_active ${long} NOT NULL,
    x_active ${long} NOT NULL,
    row_hash ${bytes},
    PRIMARY KEY (rollout, tick, guardrail)
);

CREATE TABLE evidence_keys (
    rollout ${text} NOT NULL,
    tick ${long} NOT NULL,
    keys ${bytes} NOT NULL,
    PRIMARY KEY (rollout, tick)
);

CREATE TABLE quarantines (
    endpoint ${text} NOT NULL REFERENCES endpoints (endpoint),
    digest ${text} NOT NULL,
    rollout ${text} NOT NULL,
    model ${text} NOT NULL,
    version ${text} NOT NULL,
    since ${long} NOT NULL,
    why ${text} NOT NULL,
    released_at ${long},
    PRIMARY KEY (endpoint, digest, rollout)
);

CREATE TABLE audit (
    sequence ${long} NOT NULL PRIMARY KEY,
    at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    action ${text} NOT NULL,
    subject ${text} NOT NULL,
    reason ${text} NOT NULL,
    detail ${text} NOT NULL,
    row_hash ${bytes},
    chain ${bytes}
);
CREATE INDEX audit_by_subject ON audit (subject, sequence);

CREATE TABLE audit_head (
    id ${long} NOT NULL PRIMARY KEY,
    sequence ${long} NOT NULL,
    chain ${bytes} NOT NULL
);

CREATE TABLE experiments (
    id ${long} NOT NULL PRIMARY KEY,
    name ${text} NOT NULL UNIQUE,
    artifact_location ${text} NOT NULL,
    active ${long} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    deleted_at ${long}
);

CREATE TABLE experiment_tags (
    experiment ${long} NOT NULL REFERENCES experiments (id),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (experiment, key)
);
CREATE INDEX experiment_tags_by_value ON experiment_tags (key, head, experiment);

CREATE TABLE runs (
    run ${text} NOT NULL PRIMARY KEY,
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name ${text} NOT NULL,
    user_id ${text} NOT NULL,
    status ${text} NOT NULL,
    start_time ${long} NOT NULL,
    end_time ${long},
    artifact_uri ${text} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
);
CREATE INDEX runs_by_start ON runs (experiment, active, start_time DESC, run);

CREATE TABLE params (
    run ${text} NOT NULL REFERENCES runs (run),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (run, key)
);
CREATE INDEX params_by_value ON params (key, head, run);

CREATE TABLE run_tags (
    run ${text} NOT NULL REFERENCES runs (run),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (run, key)
);
CREATE INDEX run_tags_by_value ON run_tags (key, head, run);

CREATE TABLE metrics (
    run ${text} NOT NULL REFERENCES runs (run),
    key ${text} NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    value ${double} NOT NULL,
    PRIMARY KEY (run, key, timestamp, step, is_nan, value)
);

CREATE TABLE latest_metrics (
    run ${text} NOT NULL REFERENCES runs (run),
    key ${text} NOT NULL,
    value ${double} NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    PRIMARY KEY (run, key)
);
CREATE INDEX latest_metrics_by_value ON latest_metrics (key, is_nan, value, run);

CREATE TABLE datasets (
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name ${text} NOT NULL,
    digest ${text} NOT NULL,
    source_type ${text} NOT NULL,
    source ${text} NOT NULL,
    schema ${text},
    profile ${text},
    PRIMARY KEY (experiment, name, digest)
);

CREATE TABLE run_datasets (
    run ${text} NOT NULL REFERENCES runs (run),
    name ${text} NOT NULL,
    digest ${text} NOT NULL,
    position ${long} NOT NULL,
    context ${text},
    tags ${text} NOT NULL,
    PRIMARY KEY (run, name, digest)
);
CREATE INDEX run_datasets_by_name ON run_datasets (name, digest, run);

CREATE TABLE run_models (
    run ${text} NOT NULL REFERENCES runs (run),
    role ${text} NOT NULL,
    model ${text} NOT NULL,
    step ${long} NOT NULL,
    position ${long} NOT NULL,
    PRIMARY KEY (run, role, model, step)
);
CREATE INDEX run_models_by_model ON run_models (model, role);

CREATE TABLE logged_models (
    model ${text} NOT NULL PRIMARY KEY,
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name ${text} NOT NULL,
    type ${text} NOT NULL,
    source_run ${text} NOT NULL,
    status ${text} NOT NULL,
    status_message ${text} NOT NULL,
    artifact_uri ${text} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
);
CREATE INDEX logged_models_by_creation ON logged_models (experiment, active, created_at DESC, model);
CREATE INDEX logged_models_by_name ON logged_models (name, model);

CREATE TABLE logged_model_params (
    model ${text} NOT NULL REFERENCES logged_models (model),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (model, key)
);
CREATE INDEX logged_model_params_by_value ON logged_model_params (key, head, model);

CREATE TABLE logged_model_tags (
    model ${text} NOT NULL REFERENCES logged_models (model),
    key ${text} NOT NULL,
    value ${text} NOT NULL,
    head ${text} NOT NULL,
    PRIMARY KEY (model, key)
);
CREATE INDEX logged_model_tags_by_value ON logged_model_tags (key, head, model);

CREATE TABLE logged_model_metrics (
    model ${text} NOT NULL REFERENCES logged_models (model),
    key ${text} NOT NULL,
    run ${text} NOT NULL,
    dataset_name ${text} NOT NULL,
    dataset_digest ${text} NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    value ${double} NOT NULL,
    PRIMARY KEY (model, key, run, dataset_name, dataset_digest)
);
CREATE INDEX logged_model_metrics_by_value ON logged_model_metrics (key, is_nan, value, model);
CREATE INDEX logged_model_metrics_by_dataset ON logged_model_metrics (dataset_name, dataset_digest, model);

CREATE TABLE artifacts (
    path ${text} NOT NULL PRIMARY KEY,
    size ${long} NOT NULL,
    sha256 ${text} NOT NULL,
    created_at ${long} NOT NULL
);
CREATE INDEX artifacts_by_blob ON artifacts (sha256);

CREATE TABLE artifact_seals (
    directory ${text} NOT NULL PRIMARY KEY,
    subject ${text} NOT NULL,
    at ${long} NOT NULL
);

CREATE TABLE webhooks (
    id ${text} NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    name ${text} NOT NULL,
    description ${text} NOT NULL,
    url ${text} NOT NULL,
    active ${long} NOT NULL,
    secret ${text},
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    last_delivery ${long} NOT NULL,
    dropped ${long} NOT NULL
);

CREATE TABLE webhook_events (
    webhook ${text} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    event ${text} NOT NULL,
    place ${long} NOT NULL,
    PRIMARY KEY (event, webhook)
);
CREATE INDEX webhook_events_by_webhook ON webhook_events (webhook, place);

CREATE TABLE webhook_deliveries (
    webhook ${text} NOT NULL REFERENCES webhooks (id) ON DELETE CASCADE,
    sequence ${long} NOT NULL,
    event ${text} NOT NULL,
    body ${text} NOT NULL,
    created_at ${long} NOT NULL,
    state ${text} NOT NULL,
    waiting ${long} NOT NULL,
    tries ${long} NOT NULL,
    next_try ${long} NOT NULL,
    tried_at ${long},
    status ${long} NOT NULL,
    error ${text} NOT NULL,
    PRIMARY KEY (webhook, sequence)
);
CREATE INDEX webhook_deliveries_waiting ON webhook_deliveries (webhook, sequence) WHERE waiting = 1;
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (tried_at) WHERE waiting = 0;
CREATE INDEX webhook_deliveries_tried ON webhook_deliveries (webhook, tried_at);

CREATE VIEW version_search AS
    SELECT v.id, v.model, m.namespace, m.name, v.ordinal, v.version, v.sort_key, v.pre_release, v.digest, v.actor AS user_id, v.published_at / 1000 AS created_at,
        s.updated_at, s.description, s.stage, s.active, 'READY' AS status, coalesce(o.source, '') AS source, o.run, o.logged_model,
        coalesce(o.external, 0) AS external
    FROM versions v
        JOIN version_states s ON s.version = v.id
        JOIN models m ON m.id = v.model AND m.active = 1
        LEFT JOIN version_origins o ON o.version = v.id;

INSERT INTO experiments (id, name, artifact_location, active, created_at, updated_at)
    VALUES (0, 'Default', 'mlflow-artifacts:/0', 1, 0, 0);

-- The mark of the last transaction that wrote, one row: tells whether a commit happened whose answer was lost.
CREATE TABLE last_commit (
    id ${long} NOT NULL PRIMARY KEY,
    mark ${text} NOT NULL
);
INSERT INTO last_commit (id, mark) VALUES (1, '');
