package io.modelward.core.job;

import io.modelward.core.digest.Digest;
import java.util.Optional;

/**
 * The code of a job: a folder, kept as one ZIP archive. Who made the job took the folder from a disk or from a commit;
 * the server keeps the content, so that the code is there when the repository is not.
 *
 * @param archive the digest of the archive
 * @param size of the archive in bytes
 * @param repository where a commit was taken from
 * @param commit the whole hash of the commit
 */
public record JobCode(Digest archive, long size, Optional<String> repository, Optional<String> commit) {}
