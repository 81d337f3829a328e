package io.modelward.runtime.sandbox;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The numeric users that this server's workers run as. The users of a machine are divided into ranges; a server claims
 * one by a lock on a file, which the system takes off when the server dies, however it dies. So no user is ever one of
 * two servers; and whatever still runs as a user of a range that nobody has claimed is left over from a server that
 * died, and is ended.
 *
 * <p>Within the range a user is one worker's until the worker has given the user back, and all its processes have
 * ended.
 */
public final class WorkerUsers implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerUsers.class);

    /** Users per server: one worker each, and the last builds environments. */
    public static final int PER_SERVER = 256;

    private final ProcessLock claim;
    private final int first;
    /** The one that was given back longest ago first. */
    @GuardedBy("this")
    private final Deque<Integer> free = new ArrayDeque<>();
    /** Given back while a process still ran as them. */
    @GuardedBy("this")
    private final Set<Integer> stuck = new HashSet<>();

    private WorkerUsers(ProcessLock claim, int first) {
        this.claim = claim;
        this.first = first;
        for (int user = first; user < first + PER_SERVER - 1; user++) {
            free.add(user);
        }
    }

    /**
     * Claims the first range that no living server has, and ends the processes that dead servers left in any range.
     *
     * @param base the first user of the first range
     * @param ranges how many there are
     * @return empty when all are claimed, or the claims cannot be written down
     */
    public static Optional<WorkerUsers> claim(int base, int ranges) {
        @Nullable WorkerUsers own = null;
        try {
            Path folder = folder();
            Set<Integer> lived = new HashSet<>();
            WorkerFamily.byUser().keySet().forEach(user -> lived.add(Math.floorDiv(user - base, PER_SERVER)));
            for (int range = 0; range < ranges; range++) {
                if (own != null && !lived.contains(range)) {
                    continue;
                }
                int first = base + range * PER_SERVER;
                Optional<ProcessLock> free = tryToGet(folder.resolve("users-" + first));
                if (free.isEmpty()) {
                    continue;
                }
                ProcessLock lock = free.get();
                if (!WorkerFamily.endUsers(first, PER_SERVER)) {
                    LOG.warn("processes of a server that died do not end; their users are left alone");
                    lock.close();
                } else if (own == null) {
                    own = new WorkerUsers(lock, first);
                } else {
                    lock.close();
                }
            }
        } catch (IOException unwritable) {
            LOG.warn("the users of workers could not be claimed: {}", unwritable.toString());
        }
        return Optional.ofNullable(own);
    }

    private static Optional<ProcessLock> tryToGet(Path file) {
        try {
            return ProcessLock.tryToGet(file);
        } catch (IOException odd) {
            LOG.warn("a range of users cannot be claimed: {}", odd.toString());
            return Optional.empty();
        }
    }

    /**
     * Where all servers of one user write down their claims; nobody else may. systemd makes the folder in /run for a
     * service, as the service's own.
     */
    private static Path folder() throws IOException {
        Path folder = Path.of("/run/modelward");
        int user = Capabilities.own().user();
        boolean made = Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS) && Files.isWritable(folder);
        if (!made && !Files.isWritable(Path.of("/run"))) {
            folder = Path.of("/tmp/modelward-users-" + user);
        }
        if (!Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
            try {
                Files.createDirectory(
                        folder, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } catch (FileAlreadyExistsException another) {
                // Another server starts at the same time.
            }
        }
        int owner = (int) Files.getAttribute(folder, "unix:uid", LinkOption.NOFOLLOW_LINKS);
        // Only root makes a folder in /run, for whomever; in /tmp anybody may.
        boolean trusted = user == 0 && folder.startsWith("/run");
        if (owner != user && !trusted) {
            throw new IOException("another user has made the folder for claims");
        }
        return folder;
    }

    /**
     * A user for one worker, who gives it back.
     *
     * @throws io.modelward.core.problem.ProblemException OVERLOADED when all are in use
     */
    public synchronized int take() {
        freeStuck();
        Integer user = free.poll();
        if (user == null) {
            throw Problem.of(
                            ProblemType.OVERLOADED,
                            "This server runs " + (PER_SERVER - 1)
                                    + " models at a time, and they are all in use. Move endpoints away from"
                                    + " versions that they do not need.")
                    .exception();
        }
        return user;
    }

    @GuardedBy("this")
    private void freeStuck() {
        if (stuck.isEmpty()) {
            return;
        }
        List<Integer> ended = stuck.stream()
                .filter(user -> new WorkerFamily(user, "").members().isEmpty())
                .toList();
        stuck.removeAll(ended);
        free.addAll(ended);
    }

    /** @param ended whether nothing runs as the user any more */
    public synchronized void giveBack(int user, boolean ended) {
        if (ended) {
            free.add(user);
        } else {
            LOG.warn("a process of a worker does not end; its user is not given to another");
            stuck.add(user);
        }
    }

    /** How many are in use now. */
    public synchronized int used() {
        freeStuck();
        return PER_SERVER - 1 - free.size();
    }

    public List<Integer> all() {
        return IntStream.range(first, first + PER_SERVER - 1).boxed().toList();
    }

    /** The one that builds environments, one at a time. */
    public int builder() {
        return first + PER_SERVER - 1;
    }

    @Override
    public void close() throws IOException {
        WorkerFamily.endUsers(first, PER_SERVER);
        claim.close();
    }
}
