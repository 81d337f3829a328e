-- Files by their path below the artifact root. A blob that one of them names is reachable.
CREATE TABLE artifacts (
    path TEXT NOT NULL PRIMARY KEY,
    size ${long} NOT NULL,
    sha256 TEXT NOT NULL,
    created_at ${long} NOT NULL
)${strict};
CREATE INDEX artifacts_by_blob ON artifacts (sha256);

-- Folders that do not change any more; subject says what each belongs to.
CREATE TABLE artifact_seals (
    directory TEXT NOT NULL PRIMARY KEY,
    subject TEXT NOT NULL,
    at ${long} NOT NULL
)${strict};

-- Models that runs logged. Their times are milliseconds. Empty text: not known. deleted_at as that of runs.
CREATE TABLE logged_models (
    model TEXT NOT NULL PRIMARY KEY,
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name TEXT NOT NULL,
    type TEXT NOT NULL,
    source_run TEXT NOT NULL,
    status TEXT NOT NULL,
    status_message TEXT NOT NULL,
    artifact_uri TEXT NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
)${strict};
CREATE INDEX logged_models_by_creation ON logged_models (experiment, active, created_at DESC, model);
CREATE INDEX logged_models_by_name ON logged_models (name, model);

CREATE TABLE logged_model_params (
    model TEXT NOT NULL REFERENCES logged_models (model),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (model, key)
)${strict};
CREATE INDEX logged_model_params_by_value ON logged_model_params (key, head, model);

CREATE TABLE logged_model_tags (
    model TEXT NOT NULL REFERENCES logged_models (model),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (model, key)
)${strict};
CREATE INDEX logged_model_tags_by_value ON logged_model_tags (key, head, model);

-- The latest point of a metric that a run measured on a dataset; without a dataset its name and digest are empty.
CREATE TABLE logged_model_metrics (
    model TEXT NOT NULL REFERENCES logged_models (model),
    key TEXT NOT NULL,
    run TEXT NOT NULL,
    dataset_name TEXT NOT NULL,
    dataset_digest TEXT NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    value ${double} NOT NULL,
    PRIMARY KEY (model, key, run, dataset_name, dataset_digest)
)${strict};
CREATE INDEX logged_model_metrics_by_value ON logged_model_metrics (key, is_nan, value, model);
CREATE INDEX logged_model_metrics_by_dataset ON logged_model_metrics (dataset_name, dataset_digest, model);
