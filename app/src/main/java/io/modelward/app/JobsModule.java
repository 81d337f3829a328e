package io.modelward.app;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.modelward.core.settings.Configuration;
import io.modelward.core.version.EndpointName;
import io.modelward.core.version.ModelName;
import io.modelward.gateway.assembly.ServingServices;
import io.modelward.gateway.route.EndpointSnapshot;
import io.modelward.jobs.JobServices;
import io.modelward.jobs.JobSettings;
import io.modelward.jobs.RunTokens;
import io.modelward.registry.assembly.RegistryServices;
import io.modelward.runtime.job.JobRunner;
import io.modelward.server.api.JobsDoor;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.RunCallers;
import io.modelward.store.assembly.Storage;
import io.modelward.store.data.SecretBox;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Training jobs: their schedules and their runs. */
final class JobsModule extends Module {

    private final AccessModule who;
    private final ResourcesModule resources;
    private final JobSettings settings;
    private @Nullable JobServices services;
    private @Nullable RunTokens tokens;

    JobsModule(AccessModule who, ResourcesModule resources, Configuration configuration) {
        this.who = who;
        this.resources = resources;
        this.settings = JobSettings.read(configuration);
    }

    /** What jobs need that other modules have opened. */
    record Parts(
            Storage storage, RegistryServices registry, ServingServices serving, JobRunner runner, SecretBox secrets) {}

    /**
     * Opens the jobs; nothing runs before {@link #start}.
     *
     * @param logs the folder for the output of runs at work
     * @param url where the server listens, once it does
     */
    void open(Parts parts, Path logs, Supplier<String> url, InstantSource clock) throws IOException {
        SecureRandom random = new SecureRandom();
        RunTokens given = new RunTokens(
                who.on() ? Optional.of(who.services().tokens()) : Optional.empty(),
                parts.storage().catalog(),
                random);
        this.tokens = given;
        this.services = own(new JobServices(
                new JobServices.Parts(
                        who.access(),
                        parts.storage(),
                        parts.registry(),
                        parts.serving().rollouts::start,
                        model -> endpoints(parts.serving(), model),
                        parts.runner(),
                        given,
                        parts.secrets(),
                        resources.pools().hashers(),
                        parts.serving().comparer::compare),
                settings,
                logs,
                url,
                clock,
                System::nanoTime,
                random));
    }

    /** The endpoints whose active version is one of the model, in the order of their names. */
    private static List<EndpointName> endpoints(ServingServices serving, ModelName model) {
        return serving.table.all().stream()
                .filter(snapshot -> snapshot.active().model().version().model().equals(model))
                .map(EndpointSnapshot::endpoint)
                .sorted()
                .map(EndpointName::parse)
                .toList();
    }

    JobServices services() {
        return Objects.requireNonNull(services);
    }

    /** Begins to look for jobs that are due; the server listens by now. */
    void start() {
        services().start();
    }

    /** Knows runs at work, beside all other callers. */
    Authenticator authenticator(Authenticator others) {
        RunTokens given = Objects.requireNonNull(tokens);
        return new RunCallers(others, given::mayBeOne, given::callerOf);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        new JobsDoor(
                        services().jobs,
                        services().uploads,
                        services().browser,
                        services().hooks,
                        services().reproducer,
                        resources.pools().hashers())
                .open(routes);
    }

    @Override
    void measure(MeterRegistry meters) {
        Gauge.builder("modelward.job.runs", services(), JobServices::atWork)
                .description("Runs of training jobs that are at work")
                .register(meters);
    }
}
