package io.modelward.core.retention;

import io.modelward.core.audit.Change;

/** A rule as it is kept: for what, and who made it, when and why. */
public record KeptRule(RetentionScope scope, RetentionRule rule, Change change) {}
