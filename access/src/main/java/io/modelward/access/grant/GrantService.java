package io.modelward.access.grant;

import io.modelward.access.state.AccessState;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Place;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.json.Json;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.Quoted;
import io.modelward.core.version.ModelName;
import io.modelward.registry.Actor;
import io.modelward.registry.Page;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Gives roles to subjects and takes them away, and explains why somebody may do something or not. */
public final class GrantService {

    private static final int MOST = 20_000;

    private final Access access;
    private final Catalog catalog;
    private final AccessState state;
    private final GrantAuthorizer authorizer;
    private final InstantSource clock;

    public GrantService(
            Access access, Catalog catalog, AccessState state, GrantAuthorizer authorizer, InstantSource clock) {
        this.access = access;
        this.catalog = catalog;
        this.state = state;
        this.authorizer = authorizer;
        this.clock = clock;
    }

    /**
     * Gives a role. The same grant again changes nothing and answers the one that is there.
     *
     * @throws ProblemException of kind FORBIDDEN unless the caller owns what the scope covers
     */
    public Grant add(Subject subject, Permission permission, String reason, Principal caller) {
        requireMay(caller, permission);
        Change change = Actor.of(caller).change(clock.instant(), reason);
        Grant added = catalog.write(tx -> {
            Optional<Grant> same = tx.access().grants(Optional.of(subject), Long.MAX_VALUE, MOST).stream()
                    .filter(grant -> grant.permission().equals(permission))
                    .findFirst();
            if (same.isPresent()) {
                return same.get();
            }
            if (tx.access().grants(Optional.empty(), Long.MAX_VALUE, MOST).size() >= MOST) {
                throw Problem.of(
                                ProblemType.REFUSED,
                                "There are " + MOST + " grants already. Remove those that nobody needs, or grant to"
                                        + " groups.")
                        .exception();
            }
            long number = tx.access().nextGrant();
            Grant grant = new Grant("g-" + number, subject, permission, change);
            tx.access().insert(number, grant);
            audit(tx, change, "grant.add", grant);
            return grant;
        });
        state.refresh();
        return added;
    }

    private void requireMay(Principal caller, Permission permission) {
        if (access.off()) {
            throw Problem.of(
                            ProblemType.REFUSED,
                            "Access control is off on this server, so that grants have no effect. An operator turns it"
                                    + " on with access.mode = on.")
                    .exception();
        }
        if (!authorizer.mayGrant(caller, permission)) {
            Role needed = permission.role() == Role.ADMINISTRATOR ? Role.ADMINISTRATOR : Role.OWNER;
            throw Problem.of(
                            ProblemType.FORBIDDEN,
                            Quoted.of(caller.name()) + " is not allowed to give or take " + permission
                                    + ". The role " + needed.label() + " on " + permission.scope()
                                    + " is needed, or administrator.")
                    .with("action", Action.GRANT.label())
                    .with("on", permission.scope().toString())
                    .exception();
        }
    }

    /**
     * Takes a role away, at once.
     *
     * @throws ProblemException NOT_FOUND when there is no such grant or the caller may not see it; CONFLICT when no
     *     administrator would be left
     */
    public void remove(String id, String reason, Principal caller) {
        Grant grant = catalog.read(tx -> find(tx, id));
        if (!authorizer.mayGrant(caller, grant.permission())) {
            throw missing();
        }
        Change change = Actor.of(caller).change(clock.instant(), reason);
        catalog.write(tx -> {
            Grant now = find(tx, id);
            if (now.permission().role() == Role.ADMINISTRATOR && !leavesAdministrator(tx, now)) {
                throw ProblemException.conflict("This is the last administrator. Grant the role to another one first.");
            }
            tx.access().remove(number(id), change.at());
            audit(tx, change, "grant.remove", now);
            return true;
        });
        state.refresh();
    }

    /**
     * Whether somebody else is an administrator who may act: not one who was disabled, nor the first token, which ends
     * after a day while its grant stays.
     */
    private static boolean leavesAdministrator(CatalogTransaction tx, Grant removed) {
        return tx.access().grants(Optional.empty(), Long.MAX_VALUE, MOST).stream()
                .filter(grant -> grant.permission().role() == Role.ADMINISTRATOR)
                .filter(grant -> !grant.id().equals(removed.id()))
                .map(Grant::subject)
                .anyMatch(subject -> !subject.equals(Subject.BOOTSTRAP)
                        && tx.access()
                                .subject(subject)
                                .filter(KnownSubject::disabled)
                                .isEmpty());
    }

    private static Grant find(CatalogTransaction tx, String id) {
        return tx.access().grant(number(id)).orElseThrow(GrantService::missing);
    }

    private static long number(String id) {
        return id.matches("g-[1-9][0-9]{0,17}") ? Long.parseLong(id.substring(2)) : 0;
    }

    private static ProblemException missing() {
        return ProblemException.notFound("There is no such grant.");
    }

    private static void audit(CatalogTransaction tx, Change change, String action, Grant grant) {
        tx.audit()
                .append(
                        change,
                        action,
                        grant.subject().toString(),
                        Json.object()
                                .put("grant", grant.id())
                                .put("role", grant.permission().role().label())
                                .put("scope", grant.permission().scope().toString()));
    }

    /**
     * Grants, newest first: those that the caller may take away, and the caller's own.
     *
     * @param subject whose; empty: of all
     */
    public Page<Grant> list(Optional<Subject> subject, long before, int size, Principal caller) {
        List<Grant> own = authorizer.grants(caller);
        Reach reach = authorizer.reach(caller, Action.GRANT);
        return catalog.read(tx -> {
            List<Grant> page = tx.access().grants(subject, before, MOST).stream()
                    .filter(grant -> own.contains(grant)
                            || covers(reach, grant.permission().scope()))
                    .limit(size + 1L)
                    .toList();
            return Page.of(page, size, last -> last.id().substring(2));
        });
    }

    private static boolean covers(Reach reach, Scope scope) {
        return reach.layers().stream().allMatch(layer -> layer.stream().anyMatch(one -> one.covers(scope)));
    }

    /**
     * Why somebody may do something, or which role would let them.
     *
     * @param because the grants that allow it
     * @param roles the roles of which one is needed
     * @param givers who may give one
     */
    public record Explanation(
            Subject subject,
            Action action,
            String on,
            boolean allowed,
            boolean disabled,
            List<Grant> because,
            List<Role> roles,
            List<String> givers) {}

    /**
     * Explains a decision.
     *
     * @throws ProblemException of kind FORBIDDEN unless it is about the caller, or the caller may grant on the resource
     */
    public Explanation explain(Subject subject, Action action, Resource resource, Principal caller) {
        if (!caller.name().equals(subject.toString())) {
            access.require(Action.GRANT, resource);
        }
        Principal asked = new Principal(subject.toString(), true, Via.NONE, "", state.groups(subject.toString()));
        boolean allowed = authorizer.allows(asked, action, resource);
        Optional<Place> place = authorizer.place(resource);
        List<Grant> because = allowed && place.isPresent()
                ? authorizer.grants(asked).stream()
                        .filter(grant -> grant.permission().role().allows(action)
                                && new Reach(List.of(List.of(grant.permission().scope())), Optional.empty())
                                        .covers(place.get()))
                        .toList()
                : List.of();
        return new Explanation(
                subject,
                action,
                resource.words(),
                allowed,
                state.disabled(subject),
                because,
                action.roles(),
                authorizer.givers(caller, resource));
    }

    /**
     * An action by its label.
     *
     * @throws ProblemException of kind INVALID when there is no such action
     */
    public static Action action(String label) {
        return Action.find(label)
                .orElseThrow(() -> ProblemException.invalid(
                        "action",
                        Quoted.of(label) + " is no action. Actions are: "
                                + Arrays.stream(Action.values())
                                        .map(Action::label)
                                        .collect(Collectors.joining(", "))
                                + "."));
    }

    /**
     * What a caller asks about.
     *
     * @throws ProblemException of kind INVALID when the text names nothing that can be asked about
     */
    public static Resource resource(String text) {
        int colon = text.indexOf(':');
        String name = text.substring(colon + 1);
        return switch (colon < 0 ? text : text.substring(0, colon)) {
            case "*", "server" -> Resource.REGISTRY;
            case "model" -> new Resource.Model(ModelName.parse(name));
            case "endpoint" -> new Resource.Endpoint(name);
            case "experiment" -> new Resource.NamedExperiment(name);
            default ->
                throw ProblemException.invalid(
                        "on", "on is *, model:NAMESPACE/NAME, endpoint:NAME or experiment:NAME, without a *.");
        };
    }

    /** Whether the caller may take this role away. */
    public boolean mayRemove(Grant grant, Principal caller) {
        return authorizer.mayGrant(caller, grant.permission());
    }

    /** A grant that the caller may take away; else it is not there. */
    public Grant removable(String id, Principal caller) {
        return catalog.read(tx -> tx.access().grant(number(id)))
                .filter(grant -> mayRemove(grant, caller))
                .orElseThrow(GrantService::missing);
    }

    /** The permissions that count for the caller: those of the caller's grants, and what the credential is limited to. */
    public record Own(List<Grant> grants, Optional<List<Permission>> limits, Set<String> groups) {}

    public Own own(Principal caller) {
        Set<String> groups =
                new TreeSet<>(caller.credential().isEmpty() ? caller.groups() : state.groups(caller.name()));
        return new Own(authorizer.grants(caller), authorizer.limits(caller), groups);
    }
}
