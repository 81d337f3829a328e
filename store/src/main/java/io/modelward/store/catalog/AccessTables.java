package io.modelward.store.catalog;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Subject;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Subjects, grants and tokens. Each writing call gives the row the next revision, so that whoever remembers a revision
 * reads later only what changed after it.
 */
public interface AccessTables {

    /** The revision of the last change; 0 when there never was one. */
    long revision();

    Optional<KnownSubject> subject(Subject subject);

    /** Those after this text, in the order of their texts. */
    List<KnownSubject> subjects(String after, int limit);

    void put(KnownSubject subject);

    /** A number that no grant had before. */
    long nextGrant();

    void insert(long number, Grant grant);

    /** A grant that was not removed. */
    Optional<Grant> grant(long number);

    void remove(long number, Instant at);

    /**
     * Grants that were not removed, newest first.
     *
     * @param subject empty: of all
     */
    List<Grant> grants(Optional<Subject> subject, long before, int limit);

    long nextToken();

    void insert(AccessToken token);

    Optional<AccessToken> token(String id);

    /** @return false when it was revoked before */
    boolean revoke(String id, Instant at);

    /**
     * Tokens, also ended ones, newest first; no sessions.
     *
     * @param owner empty: of all
     */
    List<AccessToken> tokens(Optional<Subject> owner, long before, int limit);

    /** Keeps when tokens were used last; no change that others hear of. */
    void used(String id, Instant at);

    /** Forgets tokens and sessions that ended before; answers how many. */
    int forgetEnded(Instant before, int limit);

    List<KnownSubject> subjectsSince(long revision);

    /** @param removed those that were removed, in the place of those that were not */
    List<Grant> grantsSince(long revision, boolean removed);

    List<AccessToken> tokensSince(long revision);

    /** Notes who made a thing, such as {@code run:0a…}. */
    void madeBy(String thing, String subject);

    Optional<String> maker(String thing);
}
