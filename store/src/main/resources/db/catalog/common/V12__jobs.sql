-- Training jobs. plan: JSON, as core/job writes it. secrets, hook: sealed. next_at: when the job is due by itself, null: it is not. Times:
-- microseconds.
CREATE TABLE jobs (
    name ${text} NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    model ${long} NOT NULL,
    plan ${text} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    changed_at ${long} NOT NULL,
    secrets ${text},
    hook ${text},
    paused ${long} NOT NULL,
    next_at ${long},
    created_at ${long} NOT NULL,
    revision ${long} NOT NULL
)${strict};
CREATE INDEX jobs_by_due ON jobs (next_at);

-- Runs of jobs; they stay when the job is deleted. state: as core/job names it. server: the process that runs it, which says at alive_at that
-- it is at work. log: the digest of the output. credential: by what the run's token is known, null: it has none. found: a version that it made
-- once more. call: a hash of what proved the signed call that started it.
CREATE TABLE job_runs (
    id ${text} NOT NULL PRIMARY KEY,
    number ${long} NOT NULL UNIQUE,
    job ${text} NOT NULL,
    model ${long} NOT NULL,
    plan ${text} NOT NULL,
    started_by ${text} NOT NULL,
    due_at ${long} NOT NULL,
    actor ${text} NOT NULL,
    verified ${long} NOT NULL,
    reason ${text} NOT NULL,
    queued_at ${long} NOT NULL,
    state ${text} NOT NULL,
    server ${text} NOT NULL,
    alive_at ${long},
    started_at ${long},
    ended_at ${long},
    exit_code ${long},
    outcome ${text} NOT NULL,
    packages ${text} NOT NULL,
    log ${text},
    log_size ${long} NOT NULL,
    credential ${text},
    found ${text},
    call ${text}
)${strict};
CREATE INDEX job_runs_by_job ON job_runs (job, number);
CREATE INDEX job_runs_by_state ON job_runs (state, number);
CREATE INDEX job_runs_by_end ON job_runs (ended_at);
CREATE INDEX job_runs_by_credential ON job_runs (credential);
CREATE INDEX job_runs_by_call ON job_runs (job, call);

-- Versions that runs published. held: a gate did not hold. unchanged: the files are those of the parent. gates: a JSON list.
CREATE TABLE job_run_versions (
    version ${long} NOT NULL PRIMARY KEY,
    run ${text} NOT NULL,
    parent ${long},
    held ${long} NOT NULL,
    unchanged ${long} NOT NULL,
    gates ${text} NOT NULL
)${strict};
CREATE INDEX job_run_versions_by_run ON job_run_versions (run);
CREATE INDEX job_run_versions_by_parent ON job_run_versions (parent);

-- Blobs that jobs and runs name: code, data, logs. owner: job:<name>, run:<id>, or upload:<time> until a job names the blob.
CREATE TABLE job_blobs (
    sha256 ${text} NOT NULL,
    owner ${text} NOT NULL,
    size ${long} NOT NULL,
    PRIMARY KEY (sha256, owner)
)${strict};
CREATE INDEX job_blobs_by_owner ON job_blobs (owner);
