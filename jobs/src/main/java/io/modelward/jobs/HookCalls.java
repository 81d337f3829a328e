package io.modelward.jobs;

import io.modelward.core.digest.Digest;
import io.modelward.core.job.JobName;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.jobs.JobView.RunView;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.Optional;

/** Signed calls of other systems that start jobs. What proved a call is kept with the run that the call started. */
public final class HookCalls {

    private final JobService jobs;
    private final InstantSource clock;

    HookCalls(JobService jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * Starts a run of the job; a call that was taken already, by whatever server, answers with the run that it started.
     *
     * @param own the header Modelward-Signature
     * @param hub the header X-Hub-Signature-256
     * @throws ProblemException of kind UNAUTHENTICATED when the signature does not prove the call, or no such job takes
     *     calls
     */
    public RunView call(JobName job, byte[] body, Optional<String> own, Optional<String> hub) {
        Optional<JobService.Hooked> hooked = jobs.hooked(job);
        // The work is the same whether there is such a job or not.
        Optional<String> proof = HookSignature.prove(
                hooked.map(JobService.Hooked::key).orElse("no key"), body, own, hub, clock.instant());
        if (hooked.isEmpty() || proof.isEmpty()) {
            throw Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "The call is not signed with the key of a job that takes calls. Sign the body with the key"
                                    + " that was told when the job was made, and send the signature as"
                                    + " Modelward-Signature (t=SECONDS,v1=HEX, of the last five minutes) or"
                                    + " X-Hub-Signature-256.")
                    .exception();
        }
        return jobs.startByHook(
                hooked.get(),
                Digest.of(proof.get().getBytes(StandardCharsets.UTF_8)).toString());
    }
}
