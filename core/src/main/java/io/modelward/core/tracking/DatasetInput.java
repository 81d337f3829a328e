package io.modelward.core.tracking;

import java.util.List;

/** A dataset as a run read it. */
public record DatasetInput(Dataset dataset, List<KeyValue> tags) {}
