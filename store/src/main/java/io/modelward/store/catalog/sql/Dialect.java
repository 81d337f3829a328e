package io.modelward.store.catalog.sql;

/**
 * The words of SQL that differ between databases. All other SQL is the same everywhere.
 *
 * @param likeEscape what follows the pattern of a LIKE so that no character but {@code %} and {@code _} means anything
 *     in the pattern
 */
public record Dialect(String likeEscape) {}
