package io.modelward.core.audit;

import tools.jackson.databind.node.ObjectNode;

/**
 * One entry of the audit log: a change, and what was changed.
 *
 * @param sequence 1, 2, 3 …, gap-free
 * @param action what was done: publish, alias.set, endpoint.create, endpoint.flip, …
 * @param subject what it was done to: a model, {@code model@version} or an endpoint
 * @param detail what else is to be known of the change
 */
public record AuditEntry(long sequence, Change change, String action, String subject, ObjectNode detail) {}
