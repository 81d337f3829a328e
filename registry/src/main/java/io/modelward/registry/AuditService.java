package io.modelward.registry;

import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.AuditEntry;
import io.modelward.core.audit.AuditQuery;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the audit log. */
public final class AuditService {

    private static final String OF_ENDPOINT = "endpoint:";
    private static final int AT_ONCE = 1000;
    private static final int MOST_LOOKED_AT = 50_000;

    private final Access access;
    private final Catalog catalog;

    public AuditService(Access access, Catalog catalog) {
        this.access = access;
        this.catalog = catalog;
    }

    /**
     * Entries numbered below {@code before} that are asked for, newest first; of those, the ones about models and
     * endpoints that the caller may audit. Who may not audit everything sees no others. A page may end before it has as
     * many entries as were asked for; its token leads on.
     */
    public Page<AuditEntry> list(long before, int size, AuditQuery query) {
        Reach reach = access.requireSome(Action.AUDIT);
        if (reach.everything()) {
            return catalog.read(tx ->
                    Page.of(tx.audit().list(before, size + 1, query), size, entry -> Long.toString(entry.sequence())));
        }
        List<AuditEntry> found = new ArrayList<>();
        long from = before;
        for (int looked = 0; looked < MOST_LOOKED_AT && found.size() <= size; looked += AT_ONCE) {
            long below = from;
            List<AuditEntry> some = catalog.read(tx -> tx.audit().list(below, AT_ONCE, query));
            some.stream().filter(this::mayAudit).limit(size + 1L - found.size()).forEach(found::add);
            if (some.size() < AT_ONCE) {
                return Page.of(found, size, entry -> Long.toString(entry.sequence()));
            }
            from = some.getLast().sequence();
        }
        return found.size() > size
                ? Page.of(found, size, entry -> Long.toString(entry.sequence()))
                : new Page<>(found, Optional.of(Long.toString(from)));
    }

    private boolean mayAudit(AuditEntry entry) {
        String subject = entry.subject();
        if (subject.startsWith(OF_ENDPOINT)) {
            return access.allows(Action.AUDIT, new Resource.Endpoint(subject.substring(OF_ENDPOINT.length())));
        }
        // Only the name of a model has a slash and no colon.
        if (subject.indexOf('/') < 0 || subject.indexOf(':') >= 0) {
            return false;
        }
        try {
            ModelName model = ModelName.parse(subject.split("@", 2)[0]);
            return access.allows(Action.AUDIT, new Resource.Model(model));
        } catch (ProblemException noModel) {
            return false;
        }
    }
}
