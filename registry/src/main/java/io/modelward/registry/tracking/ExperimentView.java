package io.modelward.registry.tracking;

import io.modelward.store.catalog.Entry;
import io.modelward.store.catalog.Experiments;
import java.util.List;

/** An experiment with its tags. */
public record ExperimentView(Experiments.Row row, List<Entry> tags) {}
