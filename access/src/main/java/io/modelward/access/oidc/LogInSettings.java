package io.modelward.access.oidc;

import io.modelward.access.oidc.PeopleSettings.ClientSecret;
import io.modelward.core.problem.Quoted;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Who vouches for people and workloads, as the operator says in {@code access.oidc.*} and {@code access.workload.*}.
 *
 * @param authorities a file of those whose certificates providers may show, besides those that Java trusts
 */
public record LogInSettings(
        Optional<PeopleSettings> people, List<WorkloadSettings> workloads, Optional<Path> authorities) {

    private static final String OIDC = "access.oidc.";
    private static final String WORKLOAD = "access.workload";
    static final String AUTHORITIES = "access.ca-file";
    private static final int LONGEST_ISSUER = 240;

    /** @throws StartRefused with a sentence for the operator */
    public static LogInSettings read(Configuration configuration) {
        List<WorkloadSettings> workloads = new ArrayList<>();
        for (String name : configuration.names(WORKLOAD)) {
            workloads.add(workload(configuration, name));
        }
        return new LogInSettings(
                people(configuration),
                List.copyOf(workloads),
                configuration.text(AUTHORITIES).map(Path::of));
    }

    private static Optional<PeopleSettings> people(Configuration configuration) {
        Optional<String> issuer = configuration.text(OIDC + "issuer");
        Optional<String> client = configuration.text(OIDC + "client");
        Optional<ClientSecret> secret = secret(configuration);
        Optional<String> programs = configuration.text(OIDC + "program-client");
        String scopes = configuration.text(OIDC + "scopes").orElse("openid profile");
        String groups = configuration.text(OIDC + "groups").orElse("groups");
        Optional<String> shown = configuration.text(OIDC + "name");
        Optional<URI> url = configuration.text(OIDC + "url").map(LogInSettings::publicUrl);
        if (issuer.isEmpty()) {
            if (client.isPresent() || secret.isPresent() || programs.isPresent() || url.isPresent()) {
                throw new StartRefused(OIDC + "issuer is needed with the other keys of " + OIDC + "*: the URL of the"
                        + " identity provider, as the provider writes it.");
            }
            return Optional.empty();
        }
        if (client.isEmpty()) {
            throw new StartRefused(
                    OIDC + "client is needed: the id under which the identity provider knows this server.");
        }
        if (Arrays.stream(scopes.split(" ", -1)).noneMatch("openid"::equals) || !Quoted.isPlain(scopes)) {
            throw new StartRefused(OIDC + "scopes has words with spaces between, and one of them is openid.");
        }
        return Optional.of(new PeopleSettings(
                issuer(OIDC + "issuer", issuer.get()),
                client.get(),
                secret,
                programs.orElse(client.get()),
                scopes.strip(),
                new ClaimName(groups),
                shown.map(name -> List.of(new ClaimName(name)))
                        .orElse(List.of(new ClaimName("preferred_username"), new ClaimName("name"))),
                url));
    }

    private static Optional<ClientSecret> secret(Configuration configuration) {
        Optional<String> written = configuration.text(OIDC + "secret");
        Optional<String> file = configuration.text(OIDC + "secret-file");
        if (written.isPresent() && file.isPresent()) {
            throw new StartRefused("One of " + OIDC + "secret and " + OIDC + "secret-file is enough.");
        }
        Optional<String> text = file.map(
                        name -> contentOf(OIDC + "secret-file", Path.of(name)).strip())
                .or(() -> written);
        if (text.isPresent() && (text.get().isEmpty() || !Quoted.isPlain(text.get()))) {
            throw new StartRefused("The client's secret is one line of text. Look at "
                    + (file.isPresent() ? OIDC + "secret-file." : OIDC + "secret."));
        }
        return text.map(ClientSecret::new);
    }

    private static String contentOf(String key, Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new StartRefused("The file of " + key + " cannot be read: " + file + ".");
        }
    }

    private static WorkloadSettings workload(Configuration configuration, String name) {
        String prefix = WORKLOAD + "." + name + ".";
        Optional<String> issuer = configuration.text(prefix + "issuer");
        Optional<String> audience = configuration.text(prefix + "audience");
        Optional<String> url = configuration.text(prefix + "jwks");
        Optional<String> file = configuration.text(prefix + "jwks-file");
        Optional<String> rules = configuration.text(prefix + "claims");
        Optional<String> groups = configuration.text(prefix + "groups");
        if (issuer.isEmpty() || audience.isEmpty()) {
            throw new StartRefused(prefix + (issuer.isEmpty() ? "issuer" : "audience")
                    + " is needed: a workload has an issuer and an audience that its tokens are for.");
        }
        if (rules.isEmpty()) {
            // The issuers of CI services are shared by all their customers, who choose the audience themselves.
            throw new StartRefused(prefix + "claims is needed: what the tokens of this workload must say, such as"
                    + " repository=acme/iris or sub=system:serviceaccount:ci:*.");
        }
        if (url.isPresent() && file.isPresent()) {
            throw new StartRefused("One of " + prefix + "jwks and " + prefix + "jwks-file is enough.");
        }
        WorkloadSettings.Keys keys = new WorkloadSettings.Keys.Discovered();
        if (url.isPresent()) {
            keys = new WorkloadSettings.Keys.AtUrl(providerUrl(prefix + "jwks", url.get()));
        } else if (file.isPresent()) {
            keys = new WorkloadSettings.Keys.InFile(Path.of(file.get()));
        }
        return new WorkloadSettings(
                name,
                // Where no discovery document is asked for, the issuer is a name only.
                keys instanceof WorkloadSettings.Keys.Discovered
                        ? issuer(prefix + "issuer", issuer.get())
                        : issuerName(prefix + "issuer", issuer.get()),
                audience.get(),
                keys,
                ClaimRule.parse(prefix + "claims", rules.get()),
                groups.map(ClaimName::new));
    }

    private static String issuerName(String key, String text) {
        if (text.length() > LONGEST_ISSUER || text.indexOf('#') >= 0 || !Quoted.isPlain(text)) {
            throw new StartRefused(
                    key + " is the issuer as its tokens have it, at most " + LONGEST_ISSUER + " characters without #.");
        }
        return text;
    }

    private static String issuer(String key, String text) {
        if (providerUrl(key, issuerName(key, text)).getRawQuery() != null) {
            throw new StartRefused(key + " is the URL of an identity provider, without a query.");
        }
        return text;
    }

    private static URI providerUrl(String key, String text) {
        return ProviderUrl.parse(text)
                .orElseThrow(() -> new StartRefused(key + " is a URL with https, such as https://login.example.org;"
                        + " http is for a host of this machine only, such as http://127.0.0.1:9000."));
    }

    private static URI publicUrl(String text) {
        Optional<URI> url = ProviderUrl.parse(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
        if (url.isEmpty() || !url.get().getRawPath().isEmpty() || url.get().getRawQuery() != null) {
            throw new StartRefused(OIDC + "url is where browsers find this server, such as https://models.example.org:"
                    + " https and a host, without a path.");
        }
        return url.get();
    }
}
