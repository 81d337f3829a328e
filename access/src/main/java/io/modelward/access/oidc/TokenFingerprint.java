package io.modelward.access.oidc;

import java.nio.ByteBuffer;

/** The SHA-256 of a token, so that nothing keeps the token itself. */
record TokenFingerprint(long first, long second, long third, long fourth) {

    static TokenFingerprint of(String token) {
        ByteBuffer hash = ByteBuffer.wrap(TokenHash.of(token));
        return new TokenFingerprint(hash.getLong(), hash.getLong(), hash.getLong(), hash.getLong());
    }
}
