package io.modelward.runtime;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The most that one worker may take, with all processes that its model starts.
 *
 * @param memory in bytes
 * @param disk in bytes, of all files that it writes
 * @param files how many files and folders it may make
 * @param processes how many processes and threads it may have
 */
public record WorkerLimits(long memory, long disk, int files, int processes) {

    private static final long LEAST_MEMORY = 2L << 30;

    /**
     * Half of the machine's memory, but at least 2 GiB; 1 GiB of files; enough threads for the libraries that models
     * use.
     */
    public static WorkerLimits defaults() {
        return new WorkerLimits(Math.max(LEAST_MEMORY, machine() / 2), 1L << 30, 20_000, 256);
    }

    private static long machine() {
        try {
            for (String line : Files.readAllLines(Path.of("/proc/meminfo"))) {
                if (line.startsWith("MemTotal:")) {
                    return Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
        } catch (IOException | NumberFormatException unknown) {
            // Not told here: the least is taken.
        }
        return 0;
    }
}
