package io.modelward.access.oidc;

import java.util.Optional;

/** The keys of one issuer, renewed when a token is signed with one that is not known yet. */
record TokenKeys(Refreshed<SigningKeys> keys) {

    /** @throws TokenRefused when no key of the issuer signed the token */
    void requireSigned(SignedToken token) throws TokenRefused {
        Optional<SigningKeys> known = keys.get(present -> present.know(token.jwt()));
        if (known.isEmpty()) {
            throw TokenRefused.keysAway();
        }
        if (!known.get().know(token.jwt())) {
            throw TokenRefused.because("no key of its issuer fits its key id and algorithm");
        }
        if (!known.get().signed(token.jwt())) {
            throw TokenRefused.because("its signature is wrong");
        }
    }
}
