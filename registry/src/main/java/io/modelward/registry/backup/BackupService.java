package io.modelward.registry.backup;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.core.audit.Change;
import io.modelward.core.backup.BackupKey;
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
import java.nio.file.FileAlreadyExistsException;
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

    /** Removes the copy of the catalog that a killed server left; at the start, before any backup. */
    public void removeLeftOver() {
        try {
            BackupSource.remove(source.scratch());
        } catch (IOException failure) {
            LOG.warn("the folder {} of a backup that was broken off cannot be removed", source.scratch(), failure);
        }
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
     * What a backup is asked for with.
     *
     * @param directory of the server's machine, an absolute path; empty: the setting backup.directory
     * @param keyFile of the server's machine, the file of the key to encrypt with; empty: the setting backup.key-file
     * @param withoutCatalog for a catalog that is in a database, of which this makes no copy
     * @param check reads the blobs that earlier backups have, and copies those again that are damaged
     */
    public record Wish(Optional<String> directory, Optional<String> keyFile, boolean withoutCatalog, boolean check) {

        /** As the settings say. */
        public static Wish usual(boolean withoutCatalog) {
            return new Wish(Optional.empty(), Optional.empty(), withoutCatalog, false);
        }
    }

    /**
     * Begins a backup and does not wait for it.
     *
     * @throws ProblemException INVALID for no usable path or key; REFUSED when no backup may lie there, when something
     *     else does, or the catalog is in a database; CONFLICT when a backup is being made; STORAGE_FULL
     */
    public BackupStatus start(Wish wish, Actor actor) {
        access.require(Action.ADMINISTER, Resource.REGISTRY);
        try {
            return begun(wish, actor);
        } catch (Unusable folder) {
            throw folder.logged();
        }
    }

    private BackupStatus begun(Wish wish, Actor actor) {
        if (!source.catalogInside() && !wish.withoutCatalog()) {
            throw ProblemException.refused(
                    "catalog",
                    "The catalog is in a database, of which this makes no copy. Copy the database with pg_dump between"
                            + " two backups without it: \"catalog\": \"elsewhere\". The guide to backups says how.");
        }
        if (source.catalogInside() && wish.withoutCatalog()) {
            throw ProblemException.refused(
                    "catalog", "The catalog is in the data directory and belongs to the backup. Leave catalog out.");
        }
        Path root = settings.resolve(wish.directory(), source.directory());
        Optional<BackupKey> key = settings.key(wish.keyFile(), root);
        Change change = actor.change(clock.instant(), "");
        synchronized (this) {
            if (closed) {
                throw ProblemException.conflict("The server is stopping.");
            }
            if (last != null && last.status().state() == State.RUNNING) {
                throw ProblemException.conflict("A backup is being made. Wait until it has ended.");
            }
            BackupWriting writing = begin(root, key, wish.check());
            boolean handed = false;
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
                BackupProgress progress = new BackupProgress(new BackupStatus(
                        last == null ? 1 : last.status().number() + 1,
                        State.RUNNING,
                        root.toString(),
                        key.isPresent(),
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
                Thread made = Thread.ofPlatform().name("backup").unstarted(() -> run(writing, progress));
                made.start();
                handed = true;
                last = progress;
                thread = made;
                return progress.status();
            } finally {
                if (!handed) {
                    close(writing);
                }
            }
        }
    }

    private BackupWriting begin(Path root, Optional<BackupKey> key, boolean check) {
        String registry =
                source.storage().catalog().read(tx -> tx.registryName().find()).orElseThrow();
        try {
            return BackupWriting.begin(
                    source.disk(),
                    root,
                    new BackupWriting.Wish(registry, source.release(), clock.instant(), key, check));
        } catch (IOException failure) {
            throw new Unusable(root, failure);
        }
    }

    /** That a folder cannot be used, which one line of the log tells with its cause. */
    private static final class Unusable extends RuntimeException {
        private static final long serialVersionUID = 1;
        private final transient Path root;

        private Unusable(Path root, IOException cause) {
            super(cause.toString(), cause);
            this.root = root;
        }

        private ProblemException logged() {
            String words = words(java.util.Objects.requireNonNull(getCause()));
            LOG.warn("no backup was begun in {}: {} ({})", root, words, getMessage());
            return ProblemException.refused("directory", words);
        }
    }

    /** What went wrong, without a path; the log has all of it. */
    private static String words(Throwable failure) {
        if (DiskFull.is(failure) || String.valueOf(failure.getMessage()).contains("SQLITE_FULL")) {
            return "The disk of the folder is full. Free some space, or name a folder on another disk.";
        }
        if (failure instanceof AccessDeniedException) {
            return "The server may not write to the folder. Give its user the right to, or name another folder.";
        }
        if (String.valueOf(failure.getMessage()).contains("Read-only file system")) {
            return "The folder is on a file system that is only read. Name another folder.";
        }
        if (failure instanceof FileAlreadyExistsException
                || String.valueOf(failure.getMessage()).contains("Not a directory")) {
            return "A part of the path of the folder is a file. Name another folder.";
        }
        return failure instanceof ProblemException known
                ? known.problem().detail()
                : "The folder or the data directory could not be read or written. The log of the server says why.";
    }

    /** Whatever happens, the folder is given back and the status says that the backup ended. */
    @SuppressWarnings("CatchingUnchecked")
    private void run(BackupWriting writing, BackupProgress progress) {
        Throwable failed = null;
        BackupManifest made = null;
        try {
            made = new BackupRun(source, writing, source.catalogInside(), clock, progress).run();
        } catch (Throwable failure) {
            failed = failure;
        } finally {
            close(writing);
        }
        if (made != null) {
            ended(made, progress);
        } else {
            failed(failed, writing.folder().root(), progress);
        }
    }

    private void failed(@Nullable Throwable failure, Path root, BackupProgress progress) {
        if (isClosed()) {
            progress.ended(
                    State.FAILED,
                    Optional.empty(),
                    clock.instant(),
                    "The server was stopped before the backup was whole.");
            return;
        }
        String words = failure == null ? "" : words(failure);
        progress.ended(State.FAILED, Optional.empty(), clock.instant(), words);
        LOG.warn("the backup into {} failed; earlier ones are as they were", root, failure);
        tell("A backup failed", words);
    }

    private void ended(BackupManifest made, BackupProgress progress) {
        if (made.unreadable() == 0) {
            progress.ended(State.DONE, Optional.of(made.id()), clock.instant(), "");
            LOG.info("made the backup {}: {} files, {} bytes", made.id(), made.files(), made.bytes());
            return;
        }
        String lacks = "The backup lacks " + made.unreadable()
                + " files that are damaged or missing in the server. modelward verify names them.";
        progress.ended(State.DAMAGED, Optional.of(made.id()), clock.instant(), lacks);
        LOG.warn("the backup {} lacks {} files that are damaged or missing", made.id(), made.unreadable());
        tell("A backup is not whole", lacks);
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
        } catch (IOException | RuntimeException failure) {
            LOG.debug("the next backup removes what is left", failure);
        }
    }

    /** Begins one by itself, as backup.every says. A folder that cannot be used is told as a failed backup. */
    public void scheduled() {
        try {
            access.require(Action.ADMINISTER, Resource.REGISTRY);
            BackupStatus _ = begun(Wish.usual(!source.catalogInside()), Actor.SERVER);
        } catch (Unusable folder) {
            tell("A backup failed", folder.logged().problem().detail());
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
