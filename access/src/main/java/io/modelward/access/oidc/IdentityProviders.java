package io.modelward.access.oidc;

import io.modelward.access.oidc.ProviderJwtVerifier.Source;
import io.modelward.core.json.Json;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLContext;

/** The identity providers of the settings. None is called before it is needed, so that a start needs no network. */
public final class IdentityProviders implements AutoCloseable {

    private static final Duration LIMIT = Duration.ofSeconds(5);

    private final ProviderHttp http;
    private final LongSupplier nanos;
    private final ProviderJwtVerifier verifier;
    private final Optional<BrowserLogIn> browsers;
    private final Optional<ProgramLogIn> programs;
    /** By issuer: one provider may vouch for people and for workloads. */
    private final Map<String, Provider> providers = new HashMap<>();

    /** @throws StartRefused when a file of keys cannot be read */
    public IdentityProviders(LogInSettings settings, InstantSource clock) {
        this(settings, clock, System::nanoTime, LIMIT);
    }

    /**
     * As above.
     *
     * @param nanos the clock for pauses between calls of a provider
     * @param limit for one call
     */
    IdentityProviders(LogInSettings settings, InstantSource clock, LongSupplier nanos, Duration limit) {
        this.nanos = nanos;
        this.http = new ProviderHttp(limit, settings.authorities().map(IdentityProviders::trust));
        Map<String, List<Source>> sources = new HashMap<>();
        settings.people()
                .ifPresent(people -> add(
                        sources,
                        people.issuer(),
                        new Source(provider(people.issuer()).keys(), TokenRule.Person.brought(people))));
        for (WorkloadSettings workload : settings.workloads()) {
            add(sources, workload.issuer(), new Source(keys(workload), new TokenRule.Workload(workload)));
        }
        SecureRandom random = new SecureRandom();
        this.verifier = new ProviderJwtVerifier(sources, clock);
        this.browsers =
                settings.people().map(people -> new BrowserLogIn(people, provider(people.issuer()), clock, random));
        this.programs = settings.people().map(people -> new ProgramLogIn(people, provider(people.issuer()), clock));
    }

    private static SSLContext trust(Path file) {
        try {
            return ProviderTrust.with(file);
        } catch (IOException unusable) {
            throw new StartRefused(LogInSettings.AUTHORITIES + ": " + file + ": " + unusable.getMessage() + ".");
        }
    }

    private static void add(Map<String, List<Source>> sources, String issuer, Source source) {
        sources.computeIfAbsent(issuer, _ -> new ArrayList<>()).add(source);
    }

    private Provider provider(String issuer) {
        return providers.computeIfAbsent(issuer, name -> new Provider(name, http, nanos));
    }

    private TokenKeys keys(WorkloadSettings workload) {
        String name = "The key set of workload " + workload.name();
        return switch (workload.keys()) {
            case WorkloadSettings.Keys.Discovered _ ->
                provider(workload.issuer()).keys();
            case WorkloadSettings.Keys.AtUrl(URI url) ->
                new TokenKeys(new Refreshed<>(
                        name, () -> SigningKeys.parse(http.get(url, ProviderUrl.isThisMachine(url))), nanos));
            case WorkloadSettings.Keys.InFile(Path file) -> {
                try {
                    read(file);
                } catch (IOException unreadable) {
                    throw new StartRefused("access.workload." + workload.name() + ".jwks-file: " + file + ": "
                            + unreadable.getMessage() + ".");
                }
                yield new TokenKeys(new Refreshed<>(name, () -> read(file), nanos));
            }
        };
    }

    private static SigningKeys read(Path file) throws IOException {
        byte[] content;
        try {
            content = Files.readAllBytes(file);
        } catch (IOException absent) {
            throw new IOException("the file cannot be read");
        }
        try {
            return SigningKeys.parse(Json.parse(content, "keys"));
        } catch (ProblemException noJson) {
            throw new IOException("the key set is no JSON");
        }
    }

    /** Checks signed tokens that callers send as Bearer; without any provider in the settings it refuses all. */
    public ProviderJwtVerifier verifier() {
        return verifier;
    }

    /** Log-ins of browsers; empty when no provider is in the settings. */
    public Optional<BrowserLogIn> browsers() {
        return browsers;
    }

    /** Log-ins of programs; empty when no provider is in the settings. */
    public Optional<ProgramLogIn> programs() {
        return programs;
    }

    @Override
    public void close() {
        http.close();
    }
}
