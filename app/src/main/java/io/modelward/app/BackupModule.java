package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.core.backup.BackupKey;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.backup.BackupService;
import io.modelward.registry.backup.BackupSettings;
import io.modelward.registry.backup.BackupSource;
import io.modelward.server.api.BackupsDoor;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.backup.BackupKeyFile;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Backups: those that are asked for, and those that the server makes by itself. */
final class BackupModule extends Module {

    private static final Logger LOG = LoggerFactory.getLogger(BackupModule.class);
    private static final Duration LEAST = Duration.ofMinutes(1);
    private static final Duration MOST = Duration.ofDays(365);

    private final Access access;
    private final BackupSettings settings;
    private @Nullable BackupService service;

    BackupModule(Access access, Configuration configuration) {
        this.access = access;
        Optional<Path> directory = path(configuration, "backup.directory", "/var/backups/modelward");
        Optional<Path> keyFile = path(configuration, "backup.key-file", "/etc/modelward/backup-key");
        keyFile.ifPresent(BackupModule::requireKey);
        Duration every = configuration.duration("backup.every", Duration.ZERO);
        if (!every.isZero() && (every.compareTo(LEAST) < 0 || every.compareTo(MOST) > 0)) {
            throw new StartRefused("backup.every is from 1m to 365d.");
        }
        if (!every.isZero() && directory.isEmpty()) {
            throw new StartRefused("backup.every needs backup.directory, the folder that backups go to.");
        }
        this.settings = new BackupSettings(directory, Optional.of(every).filter(time -> !time.isZero()), keyFile);
    }

    private static Optional<Path> path(Configuration configuration, String key, String example) {
        try {
            Optional<Path> path = configuration.text(key).map(Path::of);
            if (path.filter(one -> !one.isAbsolute()).isEmpty()) {
                return path.map(Path::normalize);
            }
        } catch (InvalidPathException unusable) {
            throw new StartRefused(key + " is no path that this machine can have.");
        }
        throw new StartRefused(key + " is an absolute path, such as " + example + ".");
    }

    /** The key is read anew for each backup; a start finds out now what a backup at night would. */
    private static void requireKey(Path file) {
        try {
            BackupKey _ = BackupKeyFile.read(file, "backup.key-file");
        } catch (ProblemException unusable) {
            throw new StartRefused(unusable.problem().detail());
        }
    }

    BackupService open(BackupSource source, InstantSource clock) {
        BackupService made = own(new BackupService(access, source, settings, clock));
        made.removeLeftOver();
        this.service = made;
        settings.every().ifPresent(every -> schedule(made, every));
        return made;
    }

    private void schedule(BackupService backups, Duration every) {
        ScheduledExecutorService schedule = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("backup-schedule").factory());
        own(schedule::shutdownNow);
        var _ = schedule.scheduleAtFixedRate(
                () -> {
                    try {
                        backups.scheduled();
                    } catch (RuntimeException | Error failure) {
                        // The schedule ends with the first failure that it sees.
                        LOG.warn("the next scheduled backup is made in its turn", failure);
                    }
                },
                every.toMillis(),
                every.toMillis(),
                TimeUnit.MILLISECONDS);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        new BackupsDoor(Objects.requireNonNull(service)).open(routes);
    }
}
