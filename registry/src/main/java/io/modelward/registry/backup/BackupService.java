package io.modelward.registry.backup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.backup.BackupManifest;
import io.modelward.core.backup.BackupStatus;
import io.modelward.core.backup.BackupStatus.State;
import io.modelward.core.json.Json;
import io.modelward.core.notification.Notice;
import io.modelward.core.notification.NotificationEvent;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.registry.Actor;
import io.modelward.registry.notification.Notices;
import io.modelward.store.backup.BackupWriting;
import io.modelward.store.disk.DiskFull;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes backups of this registry while it is served: one at a time, on a thread of its own. How the last one went is
 * known until the server stops; the folder itself knows which backups there are.
 */
public final class BackupService implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackupService.class);
    private static final String PAGE = "/ui/backups";

    private final Access access;
    private final BackupSource source;
    private final BackupSettings settings;
    private final InstantSource clock;

    @GuardedBy("this")
    private @Nullable BackupProgress last;

    @GuardedBy("this")
    private @Nullable Thread thread;

    @GuardedBy("this")
    private boolean closed;

    public BackupService(Access access, BackupSource source, BackupSettings settings, InstantSource clock) {
        this.access = access;
        this.source = source;
        this.settings = settings;
        this.clock = clock;
    }

    /** The last backup since the start of the server, the one that runs now among them. */
    public Optional<BackupStatus> last() {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        return status();
    }

    private synchronized Optional<BackupStatus> status() {
        return Optional.ofNullable(last).map(BackupProgress::status);
    }

    /** The setting backup.directory. */
    public Optional<Path> directory() {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        return settings.directory();
    }

    /**
     * Begins a backup and does not wait for it.
     *
     * @param directory of the server's machine, an absolute path; empty: the setting backup.directory
     * @param withoutCatalog for a catalog that is in a database, of which this makes no copy
     * @throws ProblemException INVALID for no usable path; REFUSED when no backup may lie there, when something else
     *     does, or the catalog is in a database; CONFLICT when a backup is being made; STORAGE_FULL
     */
    public BackupStatus start(Optional<String> directory, boolean withoutCatalog, Actor actor) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        if (!source.catalogInside() && !withoutCatalog) {
            throw ProblemException.refused(
                    "catalog",
                    "The catalog is in a database, of which this makes no copy. Copy the database with pg_dump first,"
                            + " then ask for a backup without it: \"catalog\": \"elsewhere\".");
        }
        if (source.catalogInside() && withoutCatalog) {
            throw ProblemException.refused(
                    "catalog", "The catalog is in the data directory and belongs to the backup. Leave catalog out.");
        }
        Path root = settings.resolve(directory, source.directory());
        Change change = actor.change(clock.instant(), "");
        synchronized (this) {
            if (closed) {
                throw ProblemException.conflict("The server is stopping.");
            }
            if (last != null && last.status().state() == State.RUNNING) {
                throw ProblemException.conflict("A backup is being made. Wait until it has ended.");
            }
            BackupWriting writing = begin(root);
            try {
                source.storage().catalog().write(tx -> {
                    tx.audit()
                            .append(
                                    change,
                                    "backup",
                                    "backups",
                                    Json.object()
                                            .put("directory", root.toString())
                                            .put("id", writing.id()));
                    return true;
                });
            } catch (RuntimeException failure) {
                close(writing);
                throw failure;
            }
            BackupProgress progress = new BackupProgress(new BackupStatus(
                    last == null ? 1 : last.status().number() + 1,
                    State.RUNNING,
                    root.toString(),
                    actor.name(),
                    Optional.empty(),
                    clock.instant(),
                    Optional.empty(),
                    Optional.empty(),
                    0,
                    0,
                    0,
                    0,
                    0,
                    ""));
            last = progress;
            Thread made = Thread.ofPlatform().name("backup").unstarted(() -> run(writing, progress));
            thread = made;
            made.start();
            return progress.status();
        }
    }

    private BackupWriting begin(Path root) {
        String registry =
                source.storage().catalog().read(tx -> tx.registryName().find()).orElseThrow();
        try {
            return BackupWriting.begin(source.disk(), root, registry, source.release(), clock.instant());
        } catch (IOException failure) {
            LOG.warn("a backup into {} could not be begun", root, failure);
            throw ProblemException.refused("directory", words(failure));
        }
    }

    /** What went wrong, without a path; the log has all of it. */
    private static String words(Exception failure) {
        if (DiskFull.is(failure) || String.valueOf(failure.getMessage()).contains("SQLITE_FULL")) {
            return "The disk of the folder is full. Free some space, or name a folder on another disk.";
        }
        if (failure instanceof AccessDeniedException) {
            return "The server may not write to the folder. Give its user the right to, or name another folder.";
        }
        return failure instanceof ProblemException known
                ? known.problem().detail()
                : "The folder or the data directory could not be read or written. The log of the server says why.";
    }

    private void run(BackupWriting writing, BackupProgress progress) {
        Exception failed = null;
        BackupManifest made = null;
        try {
            made = new BackupRun(source, writing, source.catalogInside(), clock, progress).run();
        } catch (IOException | RuntimeException failure) {
            failed = failure;
        }
        close(writing);
        if (failed != null && isClosed()) {
            progress.ended(
                    State.FAILED,
                    Optional.empty(),
                    clock.instant(),
                    "The server was stopped before the backup was whole.");
        } else if (failed != null) {
            LOG.warn(
                    "the backup into {} failed; earlier ones are as they were",
                    writing.folder().root(),
                    failed);
            progress.ended(State.FAILED, Optional.empty(), clock.instant(), words(failed));
            tell("A backup failed", words(failed));
        } else if (made != null && made.unreadable() > 0) {
            String lacks = "The backup lacks " + made.unreadable()
                    + " files that are damaged or missing in the server. modelward verify names them.";
            LOG.warn("the backup {} lacks {} files that are damaged or missing", made.id(), made.unreadable());
            progress.ended(State.DAMAGED, Optional.of(made.id()), clock.instant(), lacks);
            tell("A backup is not whole", lacks);
        } else if (made != null) {
            LOG.info("made the backup {}: {} files, {} bytes", made.id(), made.files(), made.bytes());
            progress.ended(State.DONE, Optional.of(made.id()), clock.instant(), "");
        }
    }

    private synchronized boolean isClosed() {
        return closed;
    }

    private void tell(String title, String text) {
        try {
            Notices.put(
                    source.storage().catalog(),
                    Notice.of(NotificationEvent.BACKUP_FAILED, "backup", title, text, clock.instant(), PAGE));
        } catch (RuntimeException away) {
            LOG.warn("nobody can be notified that a backup failed: {}", away.getMessage());
        }
    }

    private static void close(BackupWriting writing) {
        try {
            writing.close();
        } catch (IOException failure) {
            LOG.debug("the next backup removes what is left", failure);
        }
    }

    /** Begins one by itself, as backup.every says. A folder that cannot be used is told as a failed backup. */
    public void scheduled() {
        try {
            BackupStatus _ = start(Optional.empty(), !source.catalogInside(), Actor.SERVER);
        } catch (ProblemException refused) {
            LOG.warn("the scheduled backup was not begun: {}", refused.problem().detail());
            if (refused.problem().type() != ProblemType.CONFLICT) {
                tell("A backup failed", refused.problem().detail());
            }
        }
    }

    /** Waits for the backup that runs, for tests. */
    void await() throws InterruptedException {
        Thread running;
        synchronized (this) {
            running = thread;
        }
        if (running != null) {
            running.join();
        }
    }

    /** Stops a backup that runs: nothing of it is kept. */
    @Override
    public void close() {
        Thread running;
        synchronized (this) {
            closed = true;
            running = thread;
        }
        if (running == null) {
            return;
        }
        running.interrupt();
        try {
            running.join();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
