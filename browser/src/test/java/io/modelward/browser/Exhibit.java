package io.modelward.browser;

import io.modelward.app.Application;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * A server in this process with everything that pages show, put there through the HTTP API. All tests share the
 * exhibit, so a test leaves what the exhibit has as it is, and makes what it changes.
 */
final class Exhibit implements AutoCloseable {

    private final String name;
    private final Path directory;
    private final Application application;
    private final ExhibitClient client;
    private final ExhibitModels models;
    private final ExhibitTraining training;
    private final ExhibitServing serving;
    private final ExhibitJobs jobs;

    private Exhibit(String name, Path directory, ExhibitFiles files, ExhibitWords words) throws IOException {
        this.name = name;
        this.directory = directory;
        application = new Application(
                new Configuration(Map.of(
                        "server.listen",
                        "127.0.0.1:0",
                        "data.directory",
                        directory.resolve("data").toString(),
                        "runtime.environment",
                        ExhibitFiles.python().toString(),
                        "webhooks.allow-private",
                        "true")),
                Map.of());
        client = new ExhibitClient(application.address());
        models = new ExhibitModels(client, files, words);
        training = new ExhibitTraining(client, words);
        serving = new ExhibitServing(client, files, words, models.iris());
        jobs = new ExhibitJobs(client, words);
    }

    /** An exhibit as a team has it. */
    static Exhibit plain(ExhibitFiles files) {
        return open("plain", files, new ExhibitWords());
    }

    /** The same with texts and names that mean harm. */
    static Exhibit hostile(ExhibitFiles files) {
        return open("hostile", files, new ExhibitWords.Hostile());
    }

    private static Exhibit open(String name, ExhibitFiles files, ExhibitWords words) {
        try {
            Exhibit exhibit = new Exhibit(name, Files.createTempDirectory("exhibit"), files, words);
            try {
                exhibit.fill();
            } catch (IOException | RuntimeException failure) {
                exhibit.close();
                throw failure;
            }
            return exhibit;
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "the " + name + " exhibit could not be filled: " + failure.getMessage(), failure);
        }
    }

    private void fill() throws IOException {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Boolean>> parts = Stream.<Callable<Boolean>>of(
                            () -> {
                                models.publishIris();
                                jobs.make(models.iris());
                                serving.serve();
                                return true;
                            },
                            () -> {
                                models.publishOthers();
                                training.log();
                                return true;
                            })
                    .map(threads::submit)
                    .toList();
            for (Future<Boolean> part : parts) {
                part.get();
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        }
    }

    /** Where the server listens, such as {@code http://127.0.0.1:8080}. */
    String address() {
        return application.address();
    }

    ExhibitClient client() {
        return client;
    }

    ExhibitModels models() {
        return models;
    }

    ExhibitTraining training() {
        return training;
    }

    ExhibitJobs jobs() {
        return jobs;
    }

    ExhibitServing serving() {
        return serving;
    }

    /** The templates of all addresses that a GET is answered at. */
    Set<String> looks() {
        Set<String> templates = new TreeSet<>();
        application.routes().stream()
                .filter(route -> route.method().equals("GET"))
                .forEach(route -> templates.add(route.template()));
        return templates;
    }

    @Override
    public void close() {
        client.close();
        application.close();
        try (Stream<Path> files = Files.walk(directory)) {
            files.sorted(java.util.Comparator.reverseOrder())
                    .forEach(file -> file.toFile().delete());
        } catch (IOException left) {
            throw new IllegalStateException("the folder of the exhibit could not be removed: " + directory, left);
        }
    }

    @Override
    public String toString() {
        return name;
    }
}
