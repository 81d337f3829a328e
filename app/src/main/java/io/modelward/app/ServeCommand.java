package io.modelward.app;

import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs the server until it is told to stop. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = "Runs the server until it gets a SIGTERM or Ctrl-C; requests in flight are answered first.")
final class ServeCommand implements Callable<Integer> {

    private static final int CANNOT_START = 2;

    @Option(
            names = "--listen",
            paramLabel = "HOST:PORT",
            description = "where to listen; port 0 takes any free one (default: 127.0.0.1:8080)")
    private @Nullable String listen;

    @Option(
            names = "--data",
            paramLabel = "DIR",
            description =
                    "where everything is kept (default: data.directory of the configuration, else a folder of the user)")
    private @Nullable String data;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description = "a configuration file; options win over it (default: none)")
    private @Nullable Path config;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = java.util.Objects.requireNonNull(spec).commandLine().getOut();
        try {
            Map<String, String> options = new TreeMap<>();
            if (listen != null) {
                options.put("server.listen", listen);
            }
            if (data != null) {
                options.put("data.directory", data);
            }
            Configuration configuration = ConfigurationFile.read(Optional.ofNullable(config), options);
            LogSettings.read(configuration).apply();
            Application application = new Application(configuration, System.getenv());
            CountDownLatch stopped = new CountDownLatch(1);
            Runtime.getRuntime().addShutdownHook(new Thread(() -> {
                application.close();
                stopped.countDown();
            }));
            PrintWriter err = spec.commandLine().getErr();
            application.bootstrap().ifPresent(token -> err.println("Bootstrap token (shown once): " + token));
            err.flush();
            out.println("Modelward " + Application.RELEASE + " keeps its data in " + application.directory());
            out.println("Models: " + application.isolation());
            out.println("Listening on " + application.address());
            out.flush();
            stopped.await();
            return 0;
        } catch (StartRefused refused) {
            spec.commandLine().getErr().println(refused.getMessage());
            spec.commandLine().getErr().flush();
            return CANNOT_START;
        }
    }
}
