package io.modelward.runtime.python;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How far a worker is kept from the machine: as far as the platform allows, found out by trying at start. A worker always gets a
 * clean environment, no inherited file and a private directory.
 */
public final class Isolation {

    /** From the strongest to the weakest. */
    public enum Level {
        OWN_USER_NO_NETWORK(
                "each worker runs as a user of its own, without capabilities and without a network", true, true),
        OWN_USER(
                "each worker runs as a user of its own, without capabilities; the network is not taken away",
                true,
                false),
        NONE(
                "workers run as the server's own user and can read what it can: run the server as root to separate them",
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

    private static final int NARROW_BASE = 61_184;
    private static final int NARROW_SIZE = 4_000;
    private static final int PER_SERVER = 200;

    private final Level level;
    private final int firstUser;
    private final int users;
    private final AtomicInteger next = new AtomicInteger();

    private Isolation(Level level, int firstUser, int users) {
        this.level = level;
        this.firstUser = firstUser;
        this.users = users;
    }

    /** Tries the levels and takes the strongest that works. */
    public static Isolation probe() {
        if ("root".equals(System.getProperty("user.name"))) {
            int server = (int) ProcessHandle.current().pid();
            int wide = WIDE_BASE + Math.floorMod(server * PER_SERVER, WIDE_BASE);
            int narrow = NARROW_BASE + Math.floorMod(server * PER_SERVER, NARROW_SIZE);
            for (Level level : List.of(Level.OWN_USER_NO_NETWORK, Level.OWN_USER)) {
                for (int first : new int[] {wide, narrow}) {
                    if (works(prefix(level, first))) {
                        return new Isolation(level, first, PER_SERVER);
                    }
                }
            }
        }
        return new Isolation(Level.NONE, -1, 1);
    }

    public Level level() {
        return level;
    }

    /** The numeric user of the next worker; -1 when it is the server's own. */
    int nextUser() {
        return firstUser < 0 ? -1 : firstUser + Math.floorMod(next.getAndIncrement(), users - 1);
    }

    /** The numeric user that builds environments, one at a time; -1 when it is the server's own. */
    int buildUser() {
        return firstUser < 0 ? -1 : firstUser + users - 1;
    }

    /** What stands before the worker's command. */
    List<String> prefix(int user) {
        return prefix(level, user);
    }

    /** What stands before a command that installs packages: it needs the network, and nothing else of this machine. */
    List<String> buildPrefix(int user) {
        return prefix(level.ownUser() ? Level.OWN_USER : Level.NONE, user);
    }

    private static List<String> prefix(Level level, int user) {
        List<String> command = new ArrayList<>();
        if (level.noNetwork()) {
            command.addAll(List.of("unshare", "--net", "--ipc"));
        }
        if (level.ownUser()) {
            command.addAll(List.of(
                    "setpriv",
                    "--reuid=" + user,
                    "--regid=" + user,
                    "--clear-groups",
                    "--no-new-privs",
                    "--bounding-set=-all",
                    "--inh-caps=-all",
                    "--pdeathsig=KILL"));
        }
        return command;
    }

    private static boolean works(List<String> prefix) {
        List<String> command = new ArrayList<>(prefix);
        command.add("true");
        try {
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
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
}
