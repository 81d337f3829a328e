package io.modelward.registry.backup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.backup.BackupStatus.State;
import java.time.Instant;
import java.util.Optional;

/** How far a backup is; written by its thread, read by others. */
final class BackupProgress {

    @GuardedBy("this")
    private BackupStatus status;

    BackupProgress(BackupStatus begun) {
        this.status = begun;
    }

    synchronized BackupStatus status() {
        return status;
    }

    synchronized void began(Instant point) {
        status = with(status.files(), 0, status.copied(), status.copiedBytes(), status.unreadable(), point);
    }

    synchronized void expect(long files) {
        status = with(0, files, 0, 0, 0, null);
    }

    synchronized void moved(long bytes) {
        status = with(
                status.files(),
                status.allFiles(),
                status.copied(),
                status.copiedBytes() + bytes,
                status.unreadable(),
                null);
    }

    synchronized void copied() {
        status = with(
                status.files(),
                status.allFiles(),
                status.copied() + 1,
                status.copiedBytes(),
                status.unreadable(),
                null);
    }

    synchronized void looked(long unreadable) {
        long files = status.files() + 1;
        status = with(
                files, Math.max(files, status.allFiles()), status.copied(), status.copiedBytes(), unreadable, null);
    }

    @GuardedBy("this")
    private BackupStatus with(
            long files,
            long allFiles,
            long copied,
            long copiedBytes,
            long unreadable,
            @org.jspecify.annotations.Nullable Instant point) {
        return new BackupStatus(
                status.number(),
                status.state(),
                status.directory(),
                status.encrypted(),
                status.actor(),
                status.id(),
                status.startedAt(),
                point == null ? status.point() : Optional.of(point),
                status.endedAt(),
                files,
                allFiles,
                copied,
                copiedBytes,
                unreadable,
                status.error());
    }

    synchronized void ended(State state, Optional<String> id, Instant now, String error) {
        status = new BackupStatus(
                status.number(),
                state,
                status.directory(),
                status.encrypted(),
                status.actor(),
                id,
                status.startedAt(),
                status.point(),
                Optional.of(now),
                status.files(),
                status.allFiles(),
                status.copied(),
                status.copiedBytes(),
                status.unreadable(),
                error);
    }
}
