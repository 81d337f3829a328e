package io.modelward.registry.tracking;

import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.KeyValue;
import java.util.List;

/** An experiment with its tags. */
public record ExperimentView(Experiment experiment, List<KeyValue> tags) {}
