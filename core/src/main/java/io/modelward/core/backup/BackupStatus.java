package io.modelward.core.backup;

import java.time.Instant;
import java.util.Optional;

/**
 * How a backup stands that the server makes, or has made since its start.
 *
 * @param number 1, 2, 3 … since the start of the server
 * @param directory the folder of backups
 * @param encrypted whether it is encrypted
 * @param actor who asked for it
 * @param id of the backup; empty until it is whole
 * @param point everything that was acknowledged before this time is in it; empty until the catalog is copied
 * @param endedAt empty while it runs
 * @param files how many files were looked at
 * @param allFiles how many there are to look at; 0 while it is not known
 * @param copied how many of them were new and had to be copied
 * @param copiedBytes of those
 * @param unreadable how many files the server could not read or found damaged
 * @param error why it failed; empty when it did not
 */
public record BackupStatus(
        long number,
        State state,
        String directory,
        boolean encrypted,
        String actor,
        Optional<String> id,
        Instant startedAt,
        Optional<Instant> point,
        Optional<Instant> endedAt,
        long files,
        long allFiles,
        long copied,
        long copiedBytes,
        long unreadable,
        String error) {

    /** How far it is. */
    public enum State {
        RUNNING,
        /** It is whole. */
        DONE,
        /** It is kept, but lacks files that are damaged or missing in the server. */
        DAMAGED,
        /** Nothing of it is kept; earlier backups are as they were. */
        FAILED
    }
}
