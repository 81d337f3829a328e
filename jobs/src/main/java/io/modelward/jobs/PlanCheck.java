package io.modelward.jobs;

import io.modelward.core.job.JobPlan;
import io.modelward.core.problem.ProblemException;
import io.modelward.runtime.job.JobRunner;
import io.modelward.store.blob.BlobStore;
import io.modelward.store.catalog.Catalog;
import java.io.IOException;
import java.io.InputStream;
import java.util.OptionalLong;

/**
 * Looks at what a plan names before the plan is kept, so that its maker hears what is wrong, and not the first run.
 * Outside of transactions, since a file is read.
 */
record PlanCheck(Catalog catalog, BlobStore blobs, JobRunner runner) {

    private static final int BEGINNING = 2;

    /** @throws ProblemException naming the member that is wrong */
    void check(JobPlan plan) {
        runner.check(plan.requirements());
        // Of a file that nobody uploaded for jobs, nothing is told; the transaction says that there is none.
        OptionalLong size = catalog.read(tx -> tx.jobs().blobSize(plan.code().archive()));
        if (size.isPresent()) {
            requireZip(plan, Math.min(BEGINNING, size.getAsLong()));
        }
    }

    private void requireZip(JobPlan plan, long length) {
        byte[] beginning;
        try (InputStream content = blobs.read(plan.code().archive(), 0, length)) {
            beginning = content.readNBytes(BEGINNING);
        } catch (IOException unreadable) {
            throw ProblemException.invalid(
                    "code.archive", "The archive cannot be read on the server. Upload the archive again.");
        }
        if (beginning.length < BEGINNING || beginning[0] != 'P' || beginning[1] != 'K') {
            throw ProblemException.invalid(
                    "code.archive",
                    "The file " + plan.code().archive()
                            + " is no ZIP archive. Pack the folder of the code as a ZIP archive and upload that.");
        }
    }
}
