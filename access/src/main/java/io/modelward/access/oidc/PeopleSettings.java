package io.modelward.access.oidc;

import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * How people log in.
 *
 * @param issuer of their ID tokens, exactly as the provider writes it
 * @param client the id under which the provider knows this server
 * @param secret of that client, where it has one
 * @param programs the id of the client that programs without a browser log in with: a program keeps no secret, so where
 *     that client has one the provider needs another client for programs
 * @param scopes what is asked for, with spaces between
 * @param groups the claim that has a person's groups
 * @param shown the claims that may have a name for people to read; the first that is there is shown
 * @param url where browsers find this server; empty: where the request says
 */
record PeopleSettings(
        String issuer,
        String client,
        Optional<ClientSecret> secret,
        String programs,
        String scopes,
        ClaimName groups,
        List<ClaimName> shown,
        Optional<URI> url) {

    /** Never shown in a log or an error, also not by accident. */
    record ClientSecret(String value) {
        @Override
        public String toString() {
            return "a secret";
        }
    }
}
