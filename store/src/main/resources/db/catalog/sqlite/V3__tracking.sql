-- Experiments and runs. Their times are milliseconds since 1970, as their clients send them.
-- deleted_at: of a run that was deleted with its experiment it is the experiment's, so that both come back together.
CREATE TABLE experiments (
    id ${long} NOT NULL PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    artifact_location TEXT NOT NULL,
    active ${long} NOT NULL,
    created_at ${long} NOT NULL,
    updated_at ${long} NOT NULL,
    deleted_at ${long}
)${strict};
INSERT INTO experiments (id, name, artifact_location, active, created_at, updated_at)
    VALUES (0, 'Default', 'mlflow-artifacts:/0', 1, 0, 0);

-- head, here and below: the first characters of the value, which are indexed; an index holds no long values.
CREATE TABLE experiment_tags (
    experiment ${long} NOT NULL REFERENCES experiments (id),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (experiment, key)
)${strict};
CREATE INDEX experiment_tags_by_value ON experiment_tags (key, head, experiment);

CREATE TABLE runs (
    run TEXT NOT NULL PRIMARY KEY,
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name TEXT NOT NULL,
    user_id TEXT NOT NULL,
    status TEXT NOT NULL,
    start_time ${long} NOT NULL,
    end_time ${long},
    artifact_uri TEXT NOT NULL,
    active ${long} NOT NULL,
    deleted_at ${long}
)${strict};
CREATE INDEX runs_by_start ON runs (experiment, active, start_time DESC, run);

CREATE TABLE params (
    run TEXT NOT NULL REFERENCES runs (run),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (run, key)
)${strict};
CREATE INDEX params_by_value ON params (key, head, run);

CREATE TABLE run_tags (
    run TEXT NOT NULL REFERENCES runs (run),
    key TEXT NOT NULL,
    value TEXT NOT NULL,
    head TEXT NOT NULL,
    PRIMARY KEY (run, key)
)${strict};
CREATE INDEX run_tags_by_value ON run_tags (key, head, run);

-- All points of a metric; one logged twice is there once. A value that is no number is 0 with is_nan 1.
CREATE TABLE metrics (
    run TEXT NOT NULL REFERENCES runs (run),
    key TEXT NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    value ${double} NOT NULL,
    PRIMARY KEY (run, key, timestamp, step, is_nan, value)
)${strict};

-- The point of the highest step, then timestamp, then value: what searches look at, by walking the index.
CREATE TABLE latest_metrics (
    run TEXT NOT NULL REFERENCES runs (run),
    key TEXT NOT NULL,
    value ${double} NOT NULL,
    timestamp ${long} NOT NULL,
    step ${long} NOT NULL,
    is_nan ${long} NOT NULL,
    PRIMARY KEY (run, key)
)${strict};
CREATE INDEX latest_metrics_by_value ON latest_metrics (key, is_nan, value, run);

CREATE TABLE datasets (
    experiment ${long} NOT NULL REFERENCES experiments (id),
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    source_type TEXT NOT NULL,
    source TEXT NOT NULL,
    schema TEXT,
    profile TEXT,
    PRIMARY KEY (experiment, name, digest)
)${strict};

-- tags: JSON object; context repeats one of them for searches. position: 1, 2, 3 … per run.
CREATE TABLE run_datasets (
    run TEXT NOT NULL REFERENCES runs (run),
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    position ${long} NOT NULL,
    context TEXT,
    tags TEXT NOT NULL,
    PRIMARY KEY (run, name, digest)
)${strict};
CREATE INDEX run_datasets_by_name ON run_datasets (name, digest, run);

-- The logged models that a run read (role 'input', step 0) or made (role 'output').
CREATE TABLE run_models (
    run TEXT NOT NULL REFERENCES runs (run),
    role TEXT NOT NULL,
    model TEXT NOT NULL,
    step ${long} NOT NULL,
    position ${long} NOT NULL,
    PRIMARY KEY (run, role, model, step)
)${strict};
CREATE INDEX run_models_by_model ON run_models (model, role);
