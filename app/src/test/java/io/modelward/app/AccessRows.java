package io.modelward.app;

import io.modelward.access.state.TokenText;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.store.catalog.Catalog;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Writes tokens, sessions and grants into a catalog, as if they had been made before. */
final class AccessRows {

    private final Catalog catalog;
    private final SecureRandom random = new SecureRandom();

    AccessRows(Catalog catalog) {
        this.catalog = catalog;
    }

    void grant(Subject subject, Role role, String scope) {
        catalog.write(tx -> {
            long number = tx.access().nextGrant();
            tx.access()
                    .insert(
                            number,
                            new Grant(
                                    "g-" + number,
                                    subject,
                                    new Permission(role, Scope.parse("scope", scope)),
                                    new Change(Instant.EPOCH, "test", true, "")));
            return true;
        });
    }

    /** The text of a token of a subject that is good for an hour. */
    String token(Subject owner) {
        return token(owner, AccessToken.Kind.TOKEN, Optional.empty(), Duration.ofHours(1));
    }

    /** The text of a token or session. */
    String token(Subject owner, AccessToken.Kind kind, Optional<List<Permission>> permissions, Duration left) {
        String text = TokenText.make(kind == AccessToken.Kind.SESSION ? TokenText.SESSION : TokenText.TOKEN, random);
        Instant now = Instant.now();
        catalog.write(tx -> {
            tx.access()
                    .insert(new AccessToken(
                            id(text),
                            tx.access().nextToken(),
                            TokenText.Hash.of(text).toString(),
                            kind,
                            "made by a test",
                            owner,
                            permissions,
                            now.minusSeconds(7200),
                            now.plus(left),
                            0,
                            Optional.empty(),
                            Optional.empty()));
            return true;
        });
        return text;
    }

    /** What a token is revoked by. */
    static String id(String text) {
        return "t-" + TokenText.Hash.of(text).toString().substring(0, 16);
    }

    void revoke(String text) {
        catalog.write(tx -> tx.access().revoke(id(text), Instant.now()));
    }

    void disable(Subject subject) {
        catalog.write(tx -> {
            tx.access().put(new KnownSubject(subject, "", Set.of(), Instant.EPOCH, Optional.of(Instant.now())));
            return true;
        });
    }
}
