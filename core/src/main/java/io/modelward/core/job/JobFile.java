package io.modelward.core.job;

import io.modelward.core.digest.Digest;

/**
 * A file that is put beside the code of a job, kept by its digest.
 *
 * @param name a file name, without folders
 * @param size in bytes
 */
public record JobFile(String name, Digest digest, long size) {}
