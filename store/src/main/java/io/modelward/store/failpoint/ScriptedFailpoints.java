package io.modelward.store.failpoint;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Failpoints from a script such as {@code disk.sync:3=halt,publish.before-commit=halt,disk.write=full}: the Nth pass
 * (the first, unless told) of a named place halts the process as {@code kill -9} would, but with the exit code
 * {@link #HALTED}, fails with an I/O error, or reports a full disk. {@code full} and {@code error} hold from the Nth
 * pass on.
 */
public final class ScriptedFailpoints implements Failpoints {

    /**
     * The exit code of a process that a failpoint halted. Neither a signal nor the JVM nor the server ends a process
     * with this code.
     */
    public static final int HALTED = 86;

    private enum Act {
        HALT,
        ERROR,
        FULL
    }

    private record Step(int nth, Act act) {}

    private final Map<String, Step> steps = new LinkedHashMap<>();
    private final Map<String, AtomicInteger> passes = new ConcurrentHashMap<>();

    private ScriptedFailpoints() {}

    /** @throws IllegalArgumentException when the script is not of the form {@code name[:N]=halt|error|full,…} */
    public static Failpoints parse(String script) {
        if (script.isBlank()) {
            return NONE;
        }
        ScriptedFailpoints points = new ScriptedFailpoints();
        for (String part : script.split(",", 0)) {
            String[] sides = part.strip().split("=", 2);
            if (sides.length != 2) {
                throw new IllegalArgumentException("a failpoint is written name[:N]=halt|error|full, not " + part);
            }
            String[] name = sides[0].split(":", 2);
            int nth = name.length == 2 ? Integer.parseInt(name[1]) : 1;
            points.steps.put(name[0], new Step(nth, Act.valueOf(sides[1].toUpperCase(java.util.Locale.ROOT))));
        }
        return points;
    }

    @Override
    public void pass(String name) {
        Step step = steps.get(name);
        if (step == null) {
            return;
        }
        int pass = passes.computeIfAbsent(name, _ -> new AtomicInteger()).incrementAndGet();
        switch (step.act()) {
            case HALT -> {
                if (pass == step.nth()) {
                    Runtime.getRuntime().halt(HALTED);
                }
            }
            case ERROR -> {
                if (pass >= step.nth()) {
                    throw new UncheckedIOException(new IOException("injected error at " + name));
                }
            }
            case FULL -> {
                if (pass >= step.nth()) {
                    throw new UncheckedIOException(new FileSystemException(name, null, "No space left on device"));
                }
            }
        }
    }
}
