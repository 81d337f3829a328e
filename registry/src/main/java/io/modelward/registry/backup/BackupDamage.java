package io.modelward.registry.backup;

/**
 * One thing of a backup that is not as it was written.
 *
 * @param path of a file within the folder of backups; of a row or a record, the file and where it lies there
 */
public record BackupDamage(String path, String what) {}
