package io.modelward.store.catalog.sql;

/**
 * What has to be written in other words for another database. All other SQL is the same everywhere.
 *
 * @param likeEscape what follows the pattern of a LIKE so that no character but {@code %} and {@code _} means anything
 *     in the pattern
 */
public record Dialect(String likeEscape) {}
