package io.modelward.store.catalog;

import java.util.List;

/** The append-only log of changes. Entries' text is kept as written. */
public interface AuditLog {

    /**
     * One change.
     *
     * @param sequence 1, 2, 3 …, gap-free
     * @param action what was done: publish, alias.set, endpoint.create, endpoint.flip, …
     * @param subject what it was done to: a model, {@code model@version} or an endpoint
     * @param detail JSON object
     */
    record Entry(long sequence, Change change, String action, String subject, String detail) {}

    /** Appends an entry in the transaction of the change that it records. */
    void append(Change change, String action, String subject, String detail);

    /** Entries below {@code before}, newest first, at most {@code limit}; about one subject when it is not empty. */
    List<Entry> list(long before, int limit, String subject);
}
