package io.modelward.runtime.sandbox;

import io.modelward.core.problem.StartRefused;
import io.modelward.runtime.WorkerLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * How far a worker is kept from the machine: as far as the platform allows, found out by trying at start. A worker
 * always gets a clean environment, no inherited file, a private directory and limits.
 */
public final class Isolation implements AutoCloseable {

    /** From the strongest to the weakest. */
    public enum Level {
        OWN_USER_NO_NETWORK(
                "each worker runs as a user of its own, without capabilities and without a network", true, true),
        OWN_USER(
                "each worker runs as a user of its own, without capabilities; the network is not taken away",
                true,
                false),
        NONE(
                "workers run as the server's own user and can read what it can: run the server as root, or as a"
                        + " service with the capabilities that docs/service.md names, to separate them",
                false,
                false);

        private final String words;
        private final boolean ownUser;
        private final boolean noNetwork;

        Level(String words, boolean ownUser, boolean noNetwork) {
            this.words = words;
            this.ownUser = ownUser;
            this.noNetwork = noNetwork;
        }

        public String words() {
            return words;
        }

        public boolean ownUser() {
            return ownUser;
        }

        public boolean noNetwork() {
            return noNetwork;
        }
    }

    /** Far above the users of a machine; where only 16 bits of ids exist, between those that distributions give out. */
    private static final int WIDE_BASE = 1_000_000_000;

    private static final int WIDE_RANGES = 64;
    /** Users of a machine that may have ranges of their own; 16 bits of ids. */
    private static final int OWNERS = 1 << 16;

    private static final int NARROW_BASE = 61_184;
    private static final int NARROW_RANGES = 15;

    /**
     * Gives a worker file systems of its own, in memory, that end with its processes: its scratch directory, and what
     * stands in the place of all directories that anybody may write to. Only what the worker needs of those is still
     * there.
     */
    private static final String OWN_DISK = """
            set -e
            user=$1 size=$2 inodes=$3 scratch=$4 needed=$5
            shift 5
            mount -t tmpfs -o "size=$size,nr_inodes=$inodes,mode=711,nosuid,nodev" modelward "$scratch"
            mkdir -m 711 "$scratch/.shared"
            mkdir -m 700 "$scratch/home"
            for place in /tmp /var/tmp /dev/shm; do
              [ -d "$place" ] || continue
              mkdir -p "$scratch/.shared$place"
              chmod 1777 "$scratch/.shared$place"
              printf '%s\\n' "$needed" | while IFS= read -r path; do
                case "$path" in "$place"/*)
                  mkdir -p "$scratch/.shared$path"
                  mount --rbind "$path" "$scratch/.shared$path" ;;
                esac
              done
            done
            for place in /tmp /var/tmp /dev/shm; do
              [ ! -d "$place" ] || mount --rbind "$scratch/.shared$place" "$place"
            done
            cd "$scratch/home"
            chown "$user:$user" .
            exec "$@"
            """;

    private final Level level;
    private final boolean ownDisk;
    private final boolean limited;
    private final @Nullable WorkerUsers users;

    private Isolation(Level level, boolean ownDisk, boolean limited, @Nullable WorkerUsers users) {
        this.level = level;
        this.ownDisk = ownDisk;
        this.limited = limited;
        this.users = users;
    }

    /**
     * Tries the levels and takes the strongest that works.
     *
     * @param temporary a folder to try in
     */
    static Isolation probe(Path temporary) {
        boolean limited = works(List.of("prlimit", "--core=0"));
        if (Capabilities.own().separatesUsers()) {
            int server = Capabilities.own().user();
            for (Level level : List.of(Level.OWN_USER_NO_NETWORK, Level.OWN_USER)) {
                if (works(whole(level, trialUser(WIDE_BASE)))) {
                    return of(level, limited, temporary, WIDE_BASE, wideBase(server), WIDE_RANGES);
                }
                if (server == 0 && works(whole(level, trialUser(NARROW_BASE)))) {
                    return of(level, limited, temporary, NARROW_BASE, NARROW_BASE, NARROW_RANGES);
                }
            }
        }
        return new Isolation(Level.NONE, false, limited, null);
    }

    /**
     * The first user of the ranges that servers of one user share. Servers of another user cannot see the claims of
     * these, so they have other ranges.
     */
    static int wideBase(int user) {
        int owner = user == 0 ? 0 : 1 + user % OWNERS;
        return WIDE_BASE + owner * WIDE_RANGES * WorkerUsers.PER_SERVER;
    }

    private static Isolation of(Level level, boolean limited, Path temporary, int bottom, int base, int ranges) {
        Optional<WorkerUsers> users = WorkerUsers.claim(base, ranges);
        // Without a user of their own models could read what the server can: rather no server.
        return new Isolation(
                level,
                limited && mounts(level, trialUser(bottom), temporary),
                limited,
                users.orElseThrow(() -> new StartRefused(
                        "The users that models run as are all claimed by other servers of this machine,"
                                + " or the claims in /run/modelward"
                                + " cannot be written. Stop a server that is not needed, or make the"
                                + " folder writable.")));
    }

    private static boolean mounts(Level level, int user, Path temporary) {
        try {
            Path folder = Files.createTempDirectory(temporary, "probe-");
            try {
                Path scratch = Files.createDirectory(folder.resolve("scratch"));
                WorkerDirectories.handOver(folder, user);
                return works(disk(level, user, new WorkerLimits(0, 1 << 20, 100, 0), scratch, List.of(folder)));
            } finally {
                WorkerDirectories.tryToRemove(folder);
            }
        } catch (IOException unwritable) {
            return false;
        }
    }

    public Level level() {
        return level;
    }

    /** Whether a worker writes to file systems of its own only. */
    public boolean ownDisk() {
        return ownDisk;
    }

    /** The means by which a worker is held to its limits, in words. */
    public String limitsWords() {
        if (!limited) {
            return "nothing here can limit what a worker takes; its memory is watched";
        }
        return "memory by the system and by watching all of a worker's processes; "
                + (ownDisk
                        ? "files in a file system of its own in memory"
                        : "the size of each file by the system, all files together by watching the worker's directory")
                + (level.ownUser()
                        ? "; processes by the system"
                        : "; processes are not limited without a user of their own");
    }

    /** The numeric user of the next worker; -1 when it is the server's own. */
    public int takeUser() {
        return users == null ? -1 : users.take();
    }

    /** @param ended whether nothing runs as the user any more */
    public void giveBackUser(int user, boolean ended) {
        if (users != null && user >= 0) {
            users.giveBack(user, ended);
        }
    }

    /** How many users workers have now. */
    public int usedUsers() {
        return users == null ? 0 : users.used();
    }

    /** All that workers may run as. */
    public List<Integer> allUsers() {
        return users == null ? List.of() : users.all();
    }

    /** The numeric user that builds environments, one at a time; -1 when it is the server's own. */
    public int buildUser() {
        return users == null ? -1 : users.builder();
    }

    /**
     * The words before a worker's command.
     *
     * @param scratch its directory to write to; the one that it writes to is {@link #home} of this
     * @param needed directories that it must see, also where they lie in one that anybody may write to
     * @param connected whether it keeps the network
     */
    public List<String> prefix(int user, WorkerLimits limits, Path scratch, List<Path> needed, boolean connected) {
        Level as = connected && level.ownUser() ? Level.OWN_USER : level;
        List<String> command = new ArrayList<>(ownDisk ? disk(as, user, limits, scratch, needed) : network(as, false));
        if (limited) {
            command.addAll(List.of("prlimit", "--core=0", "--data=" + limits.memory()));
            if (!ownDisk) {
                command.add("--fsize=" + limits.disk());
            }
            if (level.ownUser()) {
                command.add("--nproc=" + limits.processes());
            }
        }
        command.addAll(user(as, user));
        return command;
    }

    /** Where a worker writes. */
    public Path home(Path scratch) {
        return ownDisk ? scratch.resolve("home") : scratch;
    }

    /** The words before a command that installs packages, which needs the network and nothing else of this machine. */
    public List<String> buildPrefix(int user) {
        return user(level.ownUser() ? Level.OWN_USER : Level.NONE, user);
    }

    private static List<String> disk(Level level, int user, WorkerLimits limits, Path scratch, List<Path> needed) {
        List<String> command = new ArrayList<>(network(level, true));
        command.addAll(List.of(
                "sh",
                "-c",
                OWN_DISK,
                "modelward-disk",
                Integer.toString(user),
                Long.toString(limits.disk()),
                Integer.toString(limits.files()),
                scratch.toString(),
                String.join("\n", needed.stream().map(Path::toString).toList())));
        return command;
    }

    private static List<String> whole(Level level, int user) {
        List<String> command = new ArrayList<>(network(level, false));
        command.addAll(user(level, user));
        return command;
    }

    private static List<String> network(Level level, boolean mounts) {
        List<String> command = new ArrayList<>();
        if (mounts && Capabilities.own().user() != 0) {
            // The program mount serves no other user, whatever the user may do. This adds no capability.
            command.addAll(List.of("setpriv", "--reuid=0", "--no-new-privs"));
        }
        if (level.noNetwork() || mounts) {
            command.add("unshare");
        }
        if (level.noNetwork()) {
            command.addAll(List.of("--net", "--ipc"));
        }
        if (mounts) {
            command.addAll(List.of("--mount", "--propagation", "private"));
        }
        return command;
    }

    private static List<String> user(Level level, int user) {
        if (!level.ownUser()) {
            return List.of();
        }
        List<String> command = new ArrayList<>(List.of(
                "setpriv",
                "--reuid=" + user,
                "--regid=" + user,
                "--clear-groups",
                "--no-new-privs",
                "--inh-caps=-all",
                "--pdeathsig=KILL"));
        if (Capabilities.own().boundsOthers()) {
            command.add("--bounding-set=-all");
        }
        return command;
    }

    /**
     * Trials run as the user before the first range. A user of a range is a worker's, maybe another server's: a trial
     * that ran as that user would be ended with the worker, and this server would take a weaker level for no reason.
     */
    private static int trialUser(int base) {
        return base - 1;
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD);
            Process process = builder.start();
            if (!process.waitFor(10, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                return false;
            }
            return process.exitValue() == 0;
        } catch (IOException absent) {
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        if (users != null) {
            users.close();
        }
    }
}
