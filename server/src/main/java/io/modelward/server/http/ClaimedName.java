package io.modelward.server.http;

import io.modelward.core.access.Principal;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;

/**
 * Takes callers for who they say they are: by the header {@code Modelward-Actor}, else by the user of basic
 * authentication, which clients send that know no header of ours; the password is not looked at. Whether the name can
 * be one is checked where it is written down.
 */
public final class ClaimedName implements Authenticator {

    private static final String BASIC = "basic ";

    @Override
    public Principal authenticate(Request request) {
        HttpFields headers = request.getHeaders();
        String claimed = headers.get("Modelward-Actor");
        return claimed != null
                ? Principal.claimed(claimed)
                : Optional.ofNullable(headers.get(HttpHeader.AUTHORIZATION))
                        .flatMap(ClaimedName::basicUser)
                        .map(Principal::claimed)
                        .orElse(Principal.ANONYMOUS);
    }

    private static Optional<String> basicUser(String authorization) {
        if (!authorization.toLowerCase(Locale.ROOT).startsWith(BASIC)) {
            return Optional.empty();
        }
        try {
            byte[] pair = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String user = new String(pair, StandardCharsets.UTF_8).split(":", 2)[0];
            return Optional.of(user).filter(name -> !name.isBlank());
        } catch (IllegalArgumentException malformed) {
            return Optional.empty();
        }
    }
}
