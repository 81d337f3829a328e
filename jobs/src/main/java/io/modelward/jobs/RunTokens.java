package io.modelward.jobs;

import io.modelward.access.state.TokenText;
import io.modelward.access.token.TokenService;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Via;
import io.modelward.core.job.JobRun;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.version.ModelName;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.random.RandomGenerator;

/**
 * The tokens of runs at work. A token publishes versions of the job's model, logs to the experiment of the job's name,
 * and nothing else, in the name of the job's owner; it ends with the run. Where access control is off, the token tells
 * which run asks, and no more.
 */
public final class RunTokens {

    private final Optional<TokenService> tokens;
    private final RandomGenerator random;
    /** The ids of runs, by the credential of the token. */
    private final Map<String, String> runs = new ConcurrentHashMap<>();
    /** Callers by the hash of the token, where access control is off. */
    private final Map<String, Principal> callers = new ConcurrentHashMap<>();

    /** @param tokens empty while access control is off */
    public RunTokens(Optional<TokenService> tokens, RandomGenerator random) {
        this.tokens = tokens;
        this.random = random;
    }

    /** A token, and what it is known by. */
    record Given(String text, String credential) {}

    /**
     * Makes the token of a run.
     *
     * @throws ProblemException when the job's owner is nobody who can have a token
     */
    Given give(JobRun run, ModelName model, Instant end) {
        Given given = tokens.map(service -> proven(service, run, model, end)).orElseGet(() -> told(run));
        runs.put(given.credential(), run.id());
        return given;
    }

    private static Given proven(TokenService service, JobRun run, ModelName model, Instant end) {
        Subject owner;
        try {
            owner = Subject.parse("owner", run.asked().actor());
        } catch (ProblemException none) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "The job was made while access control was off, so its runs have no name to act in. Change"
                                    + " the job once, and it is yours.")
                    .exception();
        }
        TokenService.NewToken made = service.createForRun(
                "run " + run.number() + " of the job " + run.job(),
                owner,
                List.of(
                        new Permission(Role.PUBLISHER, Scope.parse("model", "model:" + model)),
                        new Permission(Role.PUBLISHER, Scope.parse("experiment", "experiment:" + run.job()))),
                end);
        return new Given(made.text(), made.token().id());
    }

    private Given told(JobRun run) {
        String text = TokenText.make(TokenText.TOKEN, random);
        String credential = "run-" + run.id();
        callers.put(
                TokenText.Hash.of(text).toString(),
                new Principal("job:" + run.job(), true, Via.NONE, credential, Set.of()));
        return new Given(text, credential);
    }

    /** Ends the token. */
    void end(Given given) {
        runs.remove(given.credential());
        callers.values().removeIf(caller -> caller.credential().equals(given.credential()));
        tokens.ifPresent(service -> service.endForRun(given.credential()));
    }

    /** The run that a caller is; empty when the caller is none. */
    Optional<String> runOf(Principal caller) {
        return Optional.ofNullable(runs.get(caller.credential()));
    }

    /** Who comes with this token, where access control is off; empty when it is no token of a run at work. */
    public Optional<Principal> callerOf(String text) {
        return Optional.ofNullable(callers.get(TokenText.Hash.of(text).toString()));
    }
}
