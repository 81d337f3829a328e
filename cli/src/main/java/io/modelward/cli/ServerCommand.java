package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import java.io.IOException;
import java.util.concurrent.Callable;
import picocli.CommandLine.Mixin;

/** A command that talks to a server. */
abstract class ServerCommand implements Callable<Integer> {

    @Mixin
    private Connection connection = new Connection();

    @Override
    public final Integer call() throws IOException {
        Out out = connection.out();
        try (ModelwardClient client = connection.client()) {
            return run(client, out);
        } finally {
            out.flush();
        }
    }

    /** @return the exit code */
    abstract int run(ModelwardClient client, Out out) throws IOException;
}
