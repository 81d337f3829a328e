package io.modelward.app;

import io.modelward.core.access.Access;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.registry.backup.BackupService;
import io.modelward.registry.backup.BackupSettings;
import io.modelward.registry.backup.BackupSource;
import io.modelward.server.api.BackupsDoor;
import io.modelward.server.http.HttpRoute;
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
        Optional<Path> directory = configuration.text("backup.directory").map(Path::of);
        if (directory.filter(path -> !path.isAbsolute()).isPresent()) {
            throw new StartRefused("backup.directory is an absolute path, such as /var/backups/modelward.");
        }
        Duration every = configuration.duration("backup.every", Duration.ZERO);
        if (!every.isZero() && (every.compareTo(LEAST) < 0 || every.compareTo(MOST) > 0)) {
            throw new StartRefused("backup.every is from 1m to 365d.");
        }
        if (!every.isZero() && directory.isEmpty()) {
            throw new StartRefused("backup.every needs backup.directory, the folder that backups go to.");
        }
        this.settings = new BackupSettings(
                directory.map(Path::normalize), Optional.of(every).filter(time -> !time.isZero()));
    }

    BackupService open(BackupSource source, InstantSource clock) {
        BackupService made = own(new BackupService(access, source, settings, clock));
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
                    } catch (RuntimeException failure) {
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
