package io.modelward.app;

import io.modelward.access.identity.JwtVerifier;
import io.modelward.access.oidc.IdentityProviders;
import io.modelward.access.oidc.LogInSettings;
import io.modelward.access.token.LogIns;
import io.modelward.core.settings.Configuration;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.login.LogInDoor;
import io.modelward.server.login.ProgramLogInDoor;
import java.time.InstantSource;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Log-ins by an identity provider, and the signed tokens of people and workloads. */
final class LogInModule extends Module {

    private final LogInSettings settings;
    private final boolean on;
    private @Nullable Authenticator authenticator;
    private @Nullable LogInDoor browsers;
    private @Nullable ProgramLogInDoor programs;

    /** @param on whether access control is on */
    LogInModule(Configuration configuration, boolean on) {
        this.settings = LogInSettings.read(configuration);
        this.on = on;
    }

    /**
     * Opens the log-ins; no provider is called before somebody needs it.
     *
     * @param logIns what a log-in leads to
     * @param authenticators makes what knows callers, of the check of signed tokens
     */
    void open(LogIns logIns, Function<JwtVerifier, Authenticator> authenticators, InstantSource clock) {
        IdentityProviders providers = own(new IdentityProviders(settings, clock));
        Authenticator made = authenticators.apply(providers.verifier());
        this.authenticator = made;
        this.browsers = new LogInDoor(providers.browsers(), logIns, made, clock, on);
        this.programs = new ProgramLogInDoor(providers.programs(), logIns, on);
    }

    /** Knows callers, also by the signed tokens of identity providers. */
    Authenticator authenticator() {
        return Objects.requireNonNull(authenticator);
    }

    @Override
    void routes(HttpRoute.Table routes) {
        Objects.requireNonNull(browsers).open(routes);
        Objects.requireNonNull(programs).open(routes);
    }
}
