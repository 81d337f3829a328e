package io.modelward.core.tracking;

import java.util.Optional;

/**
 * A dataset, known by name and digest within its experiment. Schema and profile are texts that clients made: the server
 * does not read them.
 */
public record Dataset(
        String name,
        String digest,
        String sourceType,
        String source,
        Optional<String> schema,
        Optional<String> profile) {}
