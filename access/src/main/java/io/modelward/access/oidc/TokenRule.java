package io.modelward.access.oidc;

import io.modelward.access.identity.ProvenIdentity;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What a token must say to be taken, and who its bearer is then. The signature is not looked at here. */
sealed interface TokenRule {

    /** @throws TokenRefused when the token says something else */
    ProvenIdentity claimed(SignedToken token, Instant now) throws TokenRefused;

    /**
     * An ID token of a person, made for one of this server's own clients (OpenID Connect Core 1.0, section 3.1.3.7).
     *
     * @param clients their ids
     * @param nonce that the token must repeat; empty: the token did not come from a log-in that began here
     */
    record Person(PeopleSettings settings, Set<String> clients, Optional<String> nonce) implements TokenRule {

        /** An ID token that the provider sends at the end of a log-in that began here. */
        static Person atEndOfLogIn(PeopleSettings settings, String nonce) {
            return new Person(settings, Set.of(settings.client()), Optional.of(nonce));
        }

        /** An ID token that a caller brings. */
        static Person brought(PeopleSettings settings) {
            Set<String> clients = settings.client().equals(settings.programs())
                    ? Set.of(settings.client())
                    : Set.of(settings.client(), settings.programs());
            return new Person(settings, clients, Optional.empty());
        }

        @Override
        public ProvenIdentity claimed(SignedToken token, Instant now) throws TokenRefused {
            List<String> audiences = token.audiences();
            List<String> party = new ClaimName("azp").texts(token.claims());
            if (audiences.stream().noneMatch(clients::contains)) {
                throw TokenRefused.because("it is for another client (aud)");
            }
            if (party.isEmpty() ? audiences.size() > 1 : party.size() > 1 || !clients.contains(party.getFirst())) {
                throw TokenRefused.because("it was asked for by another client (azp)");
            }
            if (nonce.isPresent()
                    && !new ClaimName("nonce").texts(token.claims()).equals(List.of(nonce.get()))) {
                throw TokenRefused.because("it is of another log-in (nonce)");
            }
            Instant until = token.requireValid(now, true);
            return new ProvenIdentity(
                    settings.issuer(),
                    token.subject(),
                    token.shown(settings.shown()),
                    token.groups(settings.groups()),
                    until);
        }
    }

    /** A token of a workload, made for the audience that the settings name. */
    record Workload(WorkloadSettings settings) implements TokenRule {
        @Override
        public ProvenIdentity claimed(SignedToken token, Instant now) throws TokenRefused {
            if (!token.audiences().contains(settings.audience())) {
                throw TokenRefused.because("it is for another audience than that of workload " + settings.name());
            }
            for (ClaimRule rule : settings.rules()) {
                if (!rule.holds(token.claims())) {
                    throw TokenRefused.because("its " + rule.claim().name() + " is not as the claims of workload "
                            + settings.name() + " ask");
                }
            }
            Instant until = token.requireValid(now, false);
            Set<String> groups = settings.groups().map(token::groups).orElse(Set.of());
            return new ProvenIdentity(settings.issuer(), token.subject(), Optional.empty(), groups, until);
        }
    }
}
