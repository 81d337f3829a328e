package io.modelward.core.tracking;

import java.util.Optional;

/**
 * A dataset that runs of an experiment read.
 *
 * @param context what runs read the dataset for, such as {@code training}
 */
public record DatasetSummary(long experiment, String name, String digest, Optional<String> context) {}
