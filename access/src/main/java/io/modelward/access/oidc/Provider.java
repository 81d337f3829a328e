package io.modelward.access.oidc;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.function.LongSupplier;

/** An identity provider that says of itself where its keys and endpoints are. */
final class Provider {

    private final ProviderHttp http;
    private final boolean local;
    private final Refreshed<ProviderMetadata> metadata;
    private final TokenKeys keys;

    /** @param issuer a URL that may be called */
    Provider(String issuer, ProviderHttp http, LongSupplier nanos) {
        this.http = http;
        this.local = ProviderUrl.isThisMachine(URI.create(issuer));
        this.metadata = new Refreshed<>(
                "The discovery document of " + issuer,
                () -> ProviderMetadata.parse(issuer, http.get(ProviderMetadata.address(issuer), local)),
                nanos);
        this.keys = new TokenKeys(new Refreshed<>("The key set of " + issuer, this::fetchKeys, nanos));
    }

    private SigningKeys fetchKeys() throws IOException {
        URI address = metadata.get()
                .orElseThrow(() -> new IOException("the discovery document is not here"))
                .keys();
        return SigningKeys.parse(http.get(address, local));
    }

    /** What it says of itself; empty while it cannot be reached and never was. */
    Optional<ProviderMetadata> metadata() {
        return metadata.get();
    }

    TokenKeys keys() {
        return keys;
    }

    /** Posts a form to one of its endpoints. */
    ProviderHttp.Answer post(URI endpoint, String form, String authorization) throws IOException {
        return http.post(endpoint, local, form, authorization);
    }
}
