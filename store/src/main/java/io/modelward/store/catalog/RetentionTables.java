package io.modelward.store.catalog;

import io.modelward.core.audit.Change;
import io.modelward.core.retention.KeptRule;
import io.modelward.core.retention.RetentionScope;
import io.modelward.core.retention.Tombstone;
import io.modelward.core.version.ModelId;
import io.modelward.core.version.SemVer;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Rules of retention, holds, what refers to versions, and what is left of those that rules deleted. */
public interface RetentionTables {

    Optional<KeptRule> rule(RetentionScope scope);

    /** All rules, in the order of their scopes' keys, at most {@code limit}. */
    List<KeptRule> rules(int limit);

    boolean anyRule();

    /** Keeps the rule in the place of the one of the same scope. */
    void putRule(KeptRule rule);

    /** Answers whether there was one. */
    boolean deleteRule(RetentionScope scope);

    /** Of many versions the holds of those that are held. */
    Map<Long, Change> holds(Collection<Long> versions);

    /** The versions of a model that are held, deleted ones too. */
    List<Long> held(ModelId model);

    void hold(long version, Change change);

    /** Answers whether it was held. */
    boolean release(long version);

    /**
     * A version in as few words as a plan needs.
     *
     * @param bytes of all its files
     * @param again whether it was made to reproduce another
     */
    record Kept(long id, SemVer version, Instant publishedAt, long bytes, boolean again) {}

    /** The versions of a model that are not deleted, in no order. */
    List<Kept> versions(ModelId model);

    /** Notes that a version was made of another one. */
    void insertParent(long version, long parent);

    /** Of many versions the ids of those that they were made of. */
    Map<Long, List<Long>> parents(Collection<Long> versions);

    /** Of a model's versions, which ones versions of other models were made of that are not deleted: as references. */
    Map<Long, List<String>> childrenElsewhere(ModelId model);

    /** Whether a version that is not deleted was made of it. */
    boolean isParent(long version);

    /** How something refers to a version. */
    enum Use {
        /** An endpoint has or had it as an arm. */
        ROUTE,
        /** A rollout moves or moved to it or from it. */
        ROLLOUT,
        /** It was rolled back from an endpoint. */
        QUARANTINE
    }

    /** That an endpoint refers to a version. */
    record Reference(long version, Use use, String endpoint) {}

    /**
     * What endpoints of all times, deleted ones too, refer to of a model's versions: every arm of every route revision,
     * every rollout, every quarantine. Each reference is there once.
     *
     * @throws io.modelward.core.problem.ProblemException of kind DAMAGED when a row cannot be read, so that it is not
     *     known what it refers to
     */
    List<Reference> references(ModelId model);

    /** The versions of a model that a draft of the model which is open at a time has files of. */
    List<Long> ofOpenDrafts(ModelId model, Instant now);

    /** The versions of a model that a run which is under way logs to or makes once more, with the run's id. */
    Map<Long, List<String>> ofOpenRuns(ModelId model);

    void insertTombstone(Tombstone tombstone);

    Optional<Tombstone> tombstone(long version);

    /** Forgets the tombstone of a version that was brought back. */
    void deleteTombstone(long version);

    /** The tombstones of a model's versions, the newest deletion first, at most {@code limit}. */
    List<Tombstone> tombstones(ModelId model, int limit);

    /** Those with an id above {@code after} whose time to undelete ended before a time and that are not purged. */
    List<Tombstone> due(Instant before, long after, int limit);

    /** How many are due. */
    long countDue(Instant before);

    /** Forgets which blobs a version names; what the version is stays. The version must have a tombstone. */
    void purge(long version, Instant at);
}
