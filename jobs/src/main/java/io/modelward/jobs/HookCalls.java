package io.modelward.jobs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.job.JobName;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.jobs.JobView.RunView;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Signed calls of other systems that start jobs. */
public final class HookCalls {

    private static final int REMEMBERED = 10_000;

    private final JobService jobs;
    private final InstantSource clock;
    /** The proofs of calls that were taken: a call that is sent once more starts nothing. */
    @GuardedBy("taken")
    private final Map<String, RunView> taken = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, RunView> eldest) {
            return size() > REMEMBERED;
        }
    };

    HookCalls(JobService jobs, InstantSource clock) {
        this.jobs = jobs;
        this.clock = clock;
    }

    /**
     * Starts a run of the job; a call that was taken already answers with the run that it started.
     *
     * @param own the header Modelward-Signature
     * @param hub the header X-Hub-Signature-256
     * @param delivery what the sender calls this delivery, where it does
     * @throws ProblemException of kind UNAUTHENTICATED when the signature does not prove the call, or no such job takes
     *     calls
     */
    public RunView call(
            JobName job, byte[] body, Optional<String> own, Optional<String> hub, Optional<String> delivery) {
        Optional<JobService.Hooked> hooked = jobs.hooked(job);
        // The work is the same whether there is such a job or not.
        Optional<String> proof = HookSignature.prove(
                hooked.map(JobService.Hooked::key).orElse("no key"), body, own, hub, delivery, clock.instant());
        if (hooked.isEmpty() || proof.isEmpty()) {
            throw Problem.of(
                            ProblemType.UNAUTHENTICATED,
                            "The call is not signed with the key of a job that takes calls. Sign the body with the key"
                                    + " that was told when the job was made, and send the signature as"
                                    + " Modelward-Signature (t=SECONDS,v1=HEX, of the last five minutes) or"
                                    + " X-Hub-Signature-256.")
                    .exception();
        }
        String known = job + " " + proof.get();
        synchronized (taken) {
            RunView before = taken.get(known);
            if (before != null) {
                return before;
            }
            RunView started = jobs.startByHook(hooked.get());
            taken.put(known, started);
            return started;
        }
    }
}
