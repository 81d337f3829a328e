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
        try (ModelwardClient client = client(connection)) {
            return run(client, out);
        } finally {
            out.flush();
        }
    }

    /** The client that the command works with; one with the caller's token unless the command is about tokens. */
    ModelwardClient client(Connection used) throws IOException {
        return used.client();
    }

    Connection connection() {
        return connection;
    }

    /** @return the exit code */
    abstract int run(ModelwardClient client, Out out) throws IOException;
}
