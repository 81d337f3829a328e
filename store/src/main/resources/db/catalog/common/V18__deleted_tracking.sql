-- What was deleted of runs and logged models is found without a look at what is there.
CREATE INDEX deleted_runs ON runs (run) WHERE active = 0;
CREATE INDEX deleted_logged_models ON logged_models (model) WHERE active = 0;
CREATE INDEX logged_models_by_run ON logged_models (source_run);
