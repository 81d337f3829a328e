package io.modelward.cli;

import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that needs no server. */
abstract class LocalCommand implements Callable<Integer> {

    @Mixin
    private LocalOptions options = new LocalOptions();

    @Override
    public final Integer call() throws IOException {
        Out out = options.out();
        try {
            return run(out);
        } finally {
            out.flush();
        }
    }

    /** @return the exit code */
    abstract int run(Out out) throws IOException;
}
