package io.modelward.registry.backup;

import io.modelward.core.backup.BackupManifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a verification or a restore has found so far, in memory that does not grow with the backup. */
public final class BackupCheck {

    private static final int MOST_NAMED = 1000;

    private final List<BackupDamage> damaged = new ArrayList<>();
    private long unnamed;
    Optional<BackupManifest> manifest = Optional.empty();
    long files;
    long bytes;
    long records;
    long rows;

    void add(String path, String what) {
        if (damaged.size() < MOST_NAMED) {
            damaged.add(new BackupDamage(path, what));
        } else {
            unnamed++;
        }
    }

    /** All that is damaged, or the first of it. */
    public List<BackupDamage> damaged() {
        return List.copyOf(damaged);
    }

    /** How many more are damaged. */
    public long unnamed() {
        return unnamed;
    }

    public boolean intact() {
        return damaged.isEmpty();
    }

    /** Empty when it is damaged. */
    public Optional<BackupManifest> manifest() {
        return manifest;
    }

    /** How many files were hashed. */
    public long files() {
        return files;
    }

    public long bytes() {
        return bytes;
    }

    /** How many decision records were checked. */
    public long records() {
        return records;
    }

    /** How many rows of the catalog were checked. */
    public long rows() {
        return rows;
    }
}
