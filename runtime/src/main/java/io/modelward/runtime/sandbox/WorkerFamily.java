package io.modelward.runtime.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * A worker's process and all that it started, also what has detached itself: told by the user that nobody else has,
 * else by a mark in their environment, which a process can take off.
 *
 * @param user the numeric user; -1 when it is the server's own
 * @param mark in the environment of each process
 */
public record WorkerFamily(int user, String mark) {

    /** The variable whose value is the mark. */
    public static final String VARIABLE = "MODELWARD_WORKER";

    private static final Path PROC = Path.of("/proc");
    private static final long PAGE = 4096;
    private static final int ROUNDS = 100;
    private static final long PAUSE_MILLIS = 10;

    /** The processes that live now. */
    public List<Long> members() {
        return user >= 0 ? processes(path -> user(path) == user) : processes(this::isMarked);
    }

    /** All processes of a range of users. */
    public static List<Long> ofUsers(int first, int count) {
        return processes(path -> user(path) >= first && user(path) < first + count);
    }

    private static List<Long> processes(Predicate<Path> filter) {
        List<Long> found = new ArrayList<>();
        try (Stream<Path> all = Files.list(PROC)) {
            all.filter(path -> path.getFileName().toString().matches("[0-9]+"))
                    .filter(filter)
                    .filter(path -> !isDead(path))
                    .forEach(path -> found.add(Long.parseLong(path.getFileName().toString())));
        } catch (IOException noProc) {
            // Without /proc there is nothing to look through.
        }
        return found;
    }

    private static int user(Path path) {
        try {
            return (int) Files.getAttribute(path, "unix:uid");
        } catch (IOException gone) {
            return -1;
        }
    }

    private boolean isMarked(Path path) {
        try {
            String environment = Files.readString(path.resolve("environ"), StandardCharsets.ISO_8859_1);
            return ("\0" + environment + "\0").contains("\0" + VARIABLE + "=" + mark + "\0");
        } catch (IOException notOurs) {
            return false;
        }
    }

    /** Whether it has ended and only its parent has not looked yet. */
    private static boolean isDead(Path path) {
        try {
            String stat = Files.readString(path.resolve("stat"), StandardCharsets.ISO_8859_1);
            return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
        } catch (IOException gone) {
            return true;
        }
    }

    /** The processes that live now, by the user that they run as. */
    public static Map<Integer, List<Long>> byUser() {
        Map<Integer, List<Long>> byUser = new HashMap<>();
        for (long process : processes(path -> true)) {
            int user = user(PROC.resolve(Long.toString(process)));
            byUser.computeIfAbsent(user, _ -> new ArrayList<>()).add(process);
        }
        return byUser;
    }

    /** The memory of processes, in bytes; what several share is counted for each. */
    public static long resident(List<Long> processes) {
        long sum = 0;
        for (long process : processes) {
            try {
                String[] pages =
                        Files.readString(PROC.resolve(process + "/statm")).split(" ", 0);
                sum += Long.parseLong(pages[1]) * PAGE;
            } catch (IOException | RuntimeException gone) {
                // It has ended meanwhile.
            }
        }
        return sum;
    }

    /**
     * The memory of processes, in bytes; what several share is counted once. Without the right to look closer, which a
     * service has not, only memory that belongs to no file is counted.
     */
    public static long proportional(List<Long> processes) {
        long sum = 0;
        for (long process : processes) {
            Path folder = PROC.resolve(Long.toString(process));
            try {
                sum += kilobytes(folder.resolve("smaps_rollup"), "Pss:") << 10;
            } catch (IOException | RuntimeException denied) {
                try {
                    sum += kilobytes(folder.resolve("status"), "RssAnon:", "RssShmem:") << 10;
                } catch (IOException | RuntimeException gone) {
                    // It has ended meanwhile.
                }
            }
        }
        return sum;
    }

    private static long kilobytes(Path file, String... fields) throws IOException {
        try (Stream<String> lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            return lines.filter(line -> Stream.of(fields).anyMatch(line::startsWith))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("[^0-9]", "")))
                    .sum();
        }
    }

    /**
     * Ends all members.
     *
     * @return whether none is left: a process that the kernel is busy with may outlive this
     */
    public boolean end() {
        return end(this::members);
    }

    /** Ends all processes of a range of users. */
    public static boolean endUsers(int first, int count) {
        return end(() -> ofUsers(first, count));
    }

    /** A process that starts others while it is being ended is ended again. */
    private static boolean end(Supplier<List<Long>> members) {
        // Being told to stop must not cut the ending short: it takes moments.
        boolean interrupted = Thread.interrupted();
        try {
            for (int round = 0; round < ROUNDS; round++) {
                List<Long> left = members.get();
                if (left.isEmpty()) {
                    return true;
                }
                left.forEach(process -> ProcessHandle.of(process).ifPresent(ProcessHandle::destroyForcibly));
                if (round > 0) {
                    try {
                        TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
                    } catch (InterruptedException again) {
                        interrupted = true;
                    }
                }
            }
            return members.get().isEmpty();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
