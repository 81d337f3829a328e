package io.modelward.store.assembly;

import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.failpoint.Failpoints;
import io.modelward.store.prediction.PredictionLog;

/**
 * The stores of a server.
 *
 * @param failpoints places where tests let a write fail; none in production
 */
public record Storage(Catalog catalog, BlobStore blobs, PredictionLog predictions, Failpoints failpoints) {}
