package io.modelward.access.state;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.access.state.TokenText.Hash;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Subject;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.store.catalog.Catalog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All tokens, grants and subjects of the catalog, in memory, so that a request needs no look into the catalog.
 * {@link #refresh} reads what changed since it was called last. Whoever changes something calls it after the commit and
 * before the answer; a thread of every server calls it four times a second, so that a server hears within that time of
 * the changes that another one made.
 *
 * <p>A server that cannot read the catalog goes on with what it knew, for a bounded time; after that {@link
 * #requireFresh} refuses.
 */
public final class AccessState {

    private final Catalog catalog;
    private final InstantSource clock;
    private final LongSupplier nanos;
    private final long staleNanos;
    private final Duration groupsLast;

    private final Map<Hash, Entry> tokens = new ConcurrentHashMap<>();
    private final Map<String, Entry> byId = new ConcurrentHashMap<>();
    private final Map<String, KnownSubject> subjects = new ConcurrentHashMap<>();
    private final Map<String, List<Grant>> grants = new ConcurrentHashMap<>();

    @GuardedBy("this")
    private long revision = -1;

    private volatile long readAt;
    private volatile boolean read;
    private volatile long version;

    /** A token or session that was not revoked, and when it was used last. */
    static final class Entry {
        private volatile AccessToken token;
        private volatile Instant used;
        private volatile boolean unsaved;

        Entry(AccessToken token) {
            this.token = token;
            this.used = token.usedAt().orElse(token.createdAt());
        }

        AccessToken token() {
            return token;
        }
    }

    /** What changed after a revision. */
    private record Changes(
            long revision,
            List<KnownSubject> subjects,
            List<Grant> removed,
            List<Grant> granted,
            List<AccessToken> tokens) {}

    /**
     * Knows nothing until the first {@link #refresh}.
     *
     * @param nanos the monotonic time
     * @param stale how long it may go on while the catalog cannot be read
     * @param groupsLast how long groups count that a provider told at a log-in
     */
    public AccessState(Catalog catalog, InstantSource clock, LongSupplier nanos, Duration stale, Duration groupsLast) {
        this.catalog = catalog;
        this.clock = clock;
        this.nanos = nanos;
        this.staleNanos = stale.toNanos();
        this.groupsLast = groupsLast;
        this.readAt = nanos.getAsLong();
    }

    /** Reads what changed. Throws what the catalog throws, and then knows what it knew. */
    public synchronized void refresh() {
        long since = revision;
        long begun = nanos.getAsLong();
        Optional<Changes> changes = catalog.read(tx -> {
            long now = tx.access().revision();
            return now == since
                    ? Optional.empty()
                    : Optional.of(new Changes(
                            now,
                            tx.access().subjectsSince(since),
                            tx.access().grantsSince(since, true),
                            tx.access().grantsSince(since, false),
                            tx.access().tokensSince(since)));
        });
        changes.ifPresent(this::apply);
        readAt = begun;
        read = true;
    }

    private synchronized void apply(Changes changes) {
        changes.subjects().forEach(subject -> subjects.put(subject.subject().toString(), subject));
        changes.removed().forEach(grant -> put(grant, false));
        changes.granted().forEach(grant -> put(grant, true));
        changes.tokens().forEach(this::put);
        revision = changes.revision();
        version++;
    }

    private void put(Grant grant, boolean given) {
        grants.compute(grant.subject().toString(), (subject, before) -> {
            List<Grant> after = new ArrayList<>(before == null ? List.of() : before);
            after.removeIf(other -> other.id().equals(grant.id()));
            if (given) {
                after.add(grant);
            }
            return after.isEmpty() ? null : List.copyOf(after);
        });
    }

    private void put(AccessToken token) {
        if (token.revokedAt().isPresent()) {
            Entry ended = byId.remove(token.id());
            if (ended != null) {
                tokens.remove(Hash.parse(token.hash()));
            }
            return;
        }
        Entry known = byId.get(token.id());
        if (known != null) {
            known.token = token;
        } else {
            Entry entry = new Entry(token);
            byId.put(token.id(), entry);
            tokens.put(Hash.parse(token.hash()), entry);
        }
    }

    /** Changes whenever something that decisions follow from changed. */
    long version() {
        return version;
    }

    /**
     * Refuses while nothing was read for too long.
     *
     * @throws ProblemException of kind UNAVAILABLE
     */
    public void requireFresh() {
        if (!fresh()) {
            throw Problem.of(
                            ProblemType.UNAVAILABLE,
                            "The server cannot read who may do what, since its catalog does not answer. Try again"
                                    + " later.")
                    .with("retry_after", 5)
                    .exception();
        }
    }

    /** One text for all that is not valid: what was never there, what has ended, and whose owner was disabled. */
    public static ProblemException invalid() {
        return Problem.of(
                        ProblemType.UNAUTHENTICATED,
                        "The credential is not valid: it is not known, has expired or was revoked. Log in again, or"
                                + " ask whoever gave you the token.")
                .exception();
    }

    /** Whether what is known may still be decided by. */
    public boolean fresh() {
        return read && nanos.getAsLong() - readAt <= staleNanos;
    }

    /** For how long the catalog was not read. */
    public Duration age() {
        return Duration.ofNanos(Math.max(0, nanos.getAsLong() - readAt));
    }

    /**
     * The token or session of a text, when it is valid now and its owner was not disabled; notes that it was used.
     *
     * @param prefix {@link TokenText#TOKEN} or {@link TokenText#SESSION}
     */
    public Optional<AccessToken> use(String prefix, String text) {
        if (!TokenText.wellFormed(prefix, text)) {
            return Optional.empty();
        }
        Entry entry = tokens.get(Hash.of(text));
        boolean session = prefix.equals(TokenText.SESSION);
        if (entry == null || session != (entry.token.kind() == AccessToken.Kind.SESSION)) {
            return Optional.empty();
        }
        Instant now = clock.instant();
        if (!entry.token.valid(now, entry.used) || disabled(entry.token.owner())) {
            return Optional.empty();
        }
        if (now.isAfter(entry.used.plusSeconds(1))) {
            entry.used = now;
            entry.unsaved = true;
        }
        return Optional.of(entry.token);
    }

    /** A token by its id, when it was not revoked; it may have expired. */
    Optional<AccessToken> byId(String id) {
        return Optional.ofNullable(byId.get(id)).map(Entry::token);
    }

    /** When a token was used last, as far as this server knows. */
    public Optional<Instant> used(String id) {
        return Optional.ofNullable(byId.get(id)).map(entry -> entry.used);
    }

    /** Whether the token is not valid any more at this moment. */
    boolean ended(String id) {
        Entry entry = byId.get(id);
        return entry == null || !entry.token.valid(clock.instant(), entry.used);
    }

    public boolean disabled(Subject subject) {
        return disabled(subject.toString());
    }

    boolean disabled(String subject) {
        KnownSubject known = subjects.get(subject);
        return known != null && known.disabled();
    }

    public Optional<KnownSubject> subject(String subject) {
        return Optional.ofNullable(subjects.get(subject));
    }

    /** The groups that a provider told of a subject, unless that was too long ago. */
    public Set<String> groups(String subject) {
        @Nullable KnownSubject known = subjects.get(subject);
        return known == null || clock.instant().isAfter(known.toldAt().plus(groupsLast)) ? Set.of() : known.groups();
    }

    /** The grants that name exactly this subject. */
    public List<Grant> grants(String subject) {
        return grants.getOrDefault(subject, List.of());
    }

    /** All grants, of all subjects. */
    public List<Grant> allGrants() {
        return grants.values().stream().flatMap(List::stream).toList();
    }

    /** Whether there ever was a grant. */
    public boolean empty() {
        return grants.isEmpty() && byId.isEmpty();
    }

    /** How many tokens and sessions there are. */
    public int size() {
        return tokens.size();
    }

    /** How many tokens and sessions there are of one owner. */
    public int size(Subject owner) {
        return (int) byId.values().stream()
                .filter(entry -> entry.token.owner().equals(owner))
                .count();
    }

    /** Keeps when tokens were used, and forgets those that ended. */
    public void settle() {
        Instant now = clock.instant();
        Map<String, Instant> unsaved = new HashMap<>();
        for (Entry entry : List.copyOf(byId.values())) {
            if (entry.unsaved) {
                entry.unsaved = false;
                unsaved.put(entry.token.id(), entry.used);
            }
            if (!entry.token.valid(now, entry.used)) {
                tokens.remove(Hash.parse(entry.token.hash()));
                byId.remove(entry.token.id());
            }
        }
        if (!unsaved.isEmpty()) {
            catalog.write(tx -> {
                unsaved.forEach(tx.access()::used);
                return true;
            });
        }
    }
}
