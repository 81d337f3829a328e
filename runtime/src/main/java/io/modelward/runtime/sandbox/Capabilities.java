package io.modelward.runtime.sandbox;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What the system lets this process do beyond its user (capabilities(7)). Root has all of them as a rule, though a
 * container may take some away; a service may have a few without being root.
 *
 * @param effective the bits of the kernel
 * @param user the numeric user that the process runs as; -1 where it is not known
 * @param group the numeric group
 */
record Capabilities(long effective, int user, int group) {

    private static final int CHOWN = 0;
    private static final int DAC_OVERRIDE = 1;
    private static final int KILL = 5;
    private static final int SETGID = 6;
    private static final int SETUID = 7;
    private static final int SETPCAP = 8;

    /** Of the real, the effective, the saved one and that of files. */
    private static final int EFFECTIVE = 1;

    private static final Capabilities OWN = read(Path.of("/proc/self/status"));

    /** Those of this process. */
    static Capabilities own() {
        return OWN;
    }

    /** None where the system does not tell them. */
    static Capabilities read(Path status) {
        try {
            String text = Files.readString(status, StandardCharsets.ISO_8859_1);
            return new Capabilities(
                    Long.parseUnsignedLong(field(text, "CapEff", 0), 16),
                    Integer.parseUnsignedInt(field(text, "Uid", EFFECTIVE)),
                    Integer.parseUnsignedInt(field(text, "Gid", EFFECTIVE)));
        } catch (IOException | RuntimeException unknown) {
            return new Capabilities(0, -1, -1);
        }
    }

    private static String field(String text, String name, int column) {
        String line = text.lines()
                .filter(one -> one.startsWith(name + ":"))
                .findFirst()
                .orElseThrow();
        return line.substring(name.length() + 1).strip().split("\\s+", 0)[column];
    }

    private boolean has(int capability) {
        return (effective >>> capability & 1) == 1;
    }

    /** Whether the process may start others as other users, give them files and end them. */
    boolean separatesUsers() {
        return has(SETUID) && has(SETGID) && has(CHOWN) && has(KILL);
    }

    /** Whether the process reads and writes the files of other users. */
    boolean reachesAllFiles() {
        return has(DAC_OVERRIDE);
    }

    /** Whether the process may take from others, for ever, what they could be given. */
    boolean boundsOthers() {
        return has(SETPCAP);
    }
}
