package io.modelward.core.access;

import io.modelward.core.audit.Change;

/**
 * A permission that a subject has until the grant is removed.
 *
 * @param id of the grant, such as {@code g-17}
 * @param made who granted it, when and why
 */
public record Grant(String id, Subject subject, Permission permission, Change made) {}
