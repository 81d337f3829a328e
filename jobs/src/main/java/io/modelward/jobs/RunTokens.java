package io.modelward.jobs;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import io.modelward.store.catalog.Catalog;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * The tokens of runs. A token publishes versions of the job's model, logs to the experiment of the job's name, and
 * nothing else, in the name of the job's owner; it ends with the run. Where access control is off, the token tells which
 * run asks, and no more.
 *
 * <p>By what a token is known is kept with the run: every server, and this one after it was started anew, knows whose
 * the token is, also when the run has ended. What comes with the token is a run's in any case.
 */
public final class RunTokens {

    private static final int REMEMBERED = 10_000;

    private final Optional<TokenService> tokens;
    private final Catalog catalog;
    private final RandomGenerator random;
    /**
     * Whose tokens are, by their hashes, where access control is off. What is found once stays true: a token is kept
     * with its run before anybody has its text.
     */
    @GuardedBy("callers")
    private final Map<String, Optional<Principal>> callers = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Optional<Principal>> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** @param tokens empty while access control is off */
    public RunTokens(Optional<TokenService> tokens, Catalog catalog, RandomGenerator random) {
        this.tokens = tokens;
        this.catalog = catalog;
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
        Given given = tokens.map(service -> proven(service, run, model, end)).orElseGet(this::told);
        try {
            catalog.write(tx -> {
                tx.jobs().credential(run.id(), given.credential());
                return true;
            });
        } catch (RuntimeException unknown) {
            // A token that is not known as the run's would publish past the gates.
            tokens.ifPresent(service -> service.endForRun(given.credential()));
            throw unknown;
        }
        return given;
    }

    private static Given proven(TokenService service, JobRun run, ModelName model, Instant end) {
        TokenService.NewToken made = service.createForRun(
                "run " + run.number() + " of the job " + run.job(),
                owner(run),
                List.of(
                        new Permission(Role.PUBLISHER, Scope.parse("model", "model:" + model)),
                        new Permission(Role.PUBLISHER, Scope.parse("experiment", "experiment:" + run.job()))),
                end);
        return new Given(made.text(), made.token().id());
    }

    private static Subject owner(JobRun run) {
        try {
            return Subject.parse("owner", run.asked().actor());
        } catch (ProblemException none) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "The job was made while access control was off, so its runs have no name to act in. Change"
                                    + " the job once, and it is yours.")
                    .exception();
        }
    }

    private Given told() {
        String text = TokenText.make(TokenText.TOKEN, random);
        return new Given(text, hash(text));
    }

    private static String hash(String text) {
        return TokenText.Hash.of(text).toString();
    }

    /** Ends the token of a run, if it has one; to end it again changes nothing. */
    void end(String run) {
        if (tokens.isPresent()) {
            catalog.read(tx -> tx.jobs().credential(run)).ifPresent(tokens.get()::endForRun);
        }
    }

    /** The run that a caller is, also when the run has ended; empty when the caller is none. May wait. */
    Optional<String> runOf(Principal caller) {
        return caller.credential().isEmpty()
                ? Optional.empty()
                : catalog.read(tx -> tx.jobs().byCredential(caller.credential()))
                        .map(JobRun::id);
    }

    /** In whose name the owner of a job acts, with the groups that count for the owner now. */
    Principal owner(String name, boolean proven) {
        if (!proven) {
            return Principal.claimed(name);
        }
        Set<String> groups = tokens.map(service -> groups(service, name)).orElse(Set.of());
        return new Principal(name, true, Via.NONE, "", groups);
    }

    private static Set<String> groups(TokenService service, String name) {
        try {
            return service.groups(Subject.parse("owner", name));
        } catch (ProblemException nobody) {
            // The job was made while access control was off.
            return Set.of();
        }
    }

    /** Whether a text may be the token of a run that no one else knows; never where access control is on. */
    public boolean mayBeOne(String text) {
        return tokens.isEmpty() && TokenText.wellFormed(TokenText.TOKEN, text);
    }

    /** Who comes with this token, where access control is off; empty when it is no token of a run. May wait. */
    public Optional<Principal> callerOf(String text) {
        if (!mayBeOne(text)) {
            return Optional.empty();
        }
        String credential = hash(text);
        synchronized (callers) {
            Optional<Principal> known = callers.get(credential);
            if (known != null) {
                return known;
            }
        }
        Optional<Principal> found = catalog.read(tx -> tx.jobs().byCredential(credential))
                .map(run -> new Principal("job:" + run.job(), true, Via.NONE, credential, Set.of()));
        synchronized (callers) {
            callers.put(credential, found);
        }
        return found;
    }
}
