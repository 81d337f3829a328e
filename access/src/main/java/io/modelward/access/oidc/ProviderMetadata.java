package io.modelward.access.oidc;

import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * What an identity provider says of itself, as in OpenID Connect Discovery 1.0, section 3.
 *
 * @param keys where its keys are
 * @param authorization where a browser goes to log in; empty: the provider has no such thing
 * @param token where a code is changed into tokens
 * @param device where a program without a browser begins, as in RFC 8628
 * @param basic whether a client's secret goes into the header Authorization, else into the form
 * @param namesItself whether each answer to a browser names the issuer, as in RFC 9207
 */
record ProviderMetadata(
        URI keys,
        Optional<URI> authorization,
        Optional<URI> token,
        Optional<URI> device,
        boolean basic,
        boolean namesItself) {

    /** Where the document of an issuer is. */
    static URI address(String issuer) {
        String base = issuer.endsWith("/") ? issuer.substring(0, issuer.length() - 1) : issuer;
        return URI.create(base + "/.well-known/openid-configuration");
    }

    /** @throws IOException when the document is of another issuer or names no place for keys */
    static ProviderMetadata parse(String issuer, JsonNode document) throws IOException {
        if (!document.path("issuer").asString("").equals(issuer)) {
            throw new IOException("the discovery document names another issuer than the settings, which must be equal"
                    + " to the last character");
        }
        Optional<URI> keys = url(document, "jwks_uri");
        if (keys.isEmpty()) {
            throw new IOException("the discovery document has no jwks_uri with https");
        }
        JsonNode methods = document.path("token_endpoint_auth_methods_supported");
        boolean basic = !methods.isArray() || contains(methods, "client_secret_basic");
        return new ProviderMetadata(
                keys.get(),
                url(document, "authorization_endpoint"),
                url(document, "token_endpoint"),
                url(document, "device_authorization_endpoint"),
                basic || !contains(methods, "client_secret_post"),
                document.path("authorization_response_iss_parameter_supported").asBoolean(false));
    }

    private static boolean contains(JsonNode list, String text) {
        for (JsonNode element : list) {
            if (element.isString() && element.stringValue().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static Optional<URI> url(JsonNode document, String member) {
        JsonNode value = document.path(member);
        return value.isString() ? ProviderUrl.parse(value.stringValue()) : Optional.empty();
    }
}
