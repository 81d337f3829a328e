package io.modelward.access.grant;

import io.modelward.access.state.AccessState;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.Set;

/** Those who were here: shown, disabled and enabled. Whoever is disabled may do nothing, by no token and no session. */
public final class UserService {

    private final Access access;
    private final Catalog catalog;
    private final AccessState state;
    private final InstantSource clock;

    public UserService(Access access, Catalog catalog, AccessState state, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.state = state;
        this.clock = clock;
    }

    /** In the order of their texts. */
    public Page<KnownSubject> list(String after, int size) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        return catalog.read(tx -> Page.of(
                tx.access().subjects(after, size + 1),
                size,
                last -> last.subject().toString()));
    }

    /**
     * Disables a user, service or certificate, also one that was never here; or enables it again.
     *
     * @throws ProblemException INVALID for a group or everyone; CONFLICT for the caller itself
     */
    public KnownSubject disable(Subject subject, boolean disabled, String reason, Principal caller) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        if (access.off()) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "Access control is off on this server, so that nobody is known well enough to disable or"
                                    + " enable anyone. An operator turns it on with access.mode = on.")
                    .exception();
        }
        if (subject.kind() == Subject.Kind.GROUP || subject.kind() == Subject.Kind.EVERYONE) {
            throw ProblemException.invalid(
                    "subject", "Groups are not disabled. Remove their grants, or disable a user or a service.");
        }
        if (disabled && subject.toString().equals(caller.name())) {
            throw ProblemException.conflict("Nobody disables themselves. Let another administrator do it.");
        }
        Change change = Actor.of(caller).change(clock.instant(), reason);
        KnownSubject changed = catalog.write(tx -> {
            Optional<KnownSubject> before = tx.access().subject(subject);
            Optional<Instant> at = disabled
                    ? before.flatMap(KnownSubject::disabledAt).or(() -> Optional.of(change.at()))
                    : Optional.empty();
            KnownSubject after = before.map(
                            known -> new KnownSubject(subject, known.shown(), known.groups(), known.toldAt(), at))
                    .orElseGet(() -> new KnownSubject(subject, "", Set.of(), Instant.EPOCH, at));
            if (!before.equals(Optional.of(after))) {
                tx.access().put(after);
                tx.audit().append(change, disabled ? "user.disable" : "user.enable", subject.toString(), Json.object());
            }
            return after;
        });
        state.refresh();
        return changed;
    }
}
