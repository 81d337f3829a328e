package io.modelward.cli;

import io.modelward.client.Bearer;
import io.modelward.client.KeptTokens;
import io.modelward.client.Origin;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * The token that a command sends, if it has one.
 *
 * @param whenRefused what to do when the server does not take it, or asks for one
 */
record Credential(Optional<Bearer> bearer, String whenRefused) {

    static final String VARIABLE = "MODELWARD_TOKEN";
    static final String INSECURE = "MODELWARD_INSECURE_HTTP";

    private static final int LONGEST = 64 * 1024;
    private static final Credential NONE =
            new Credential(Optional.empty(), "Log in with modelward login, or set " + VARIABLE + ".");

    static Credential given(String token, URI server) {
        return new Credential(Optional.of(Bearer.of(token, server)), "The token came from the standard input.");
    }

    /** The token of the environment, else the one that a log-in keeps. */
    static Credential found(URI server, Map<String, String> environment) throws IOException {
        String variable = environment.getOrDefault(VARIABLE, "").strip();
        return variable.isEmpty() ? kept(server, KeptTokens.ofUser(environment)) : ofVariable(variable, server);
    }

    private static Credential ofVariable(String token, URI server) {
        if (!Bearer.isToken(token)) {
            throw new Usage(VARIABLE + " has no token: a token has no spaces, and letters of ASCII only.");
        }
        return new Credential(
                Optional.of(Bearer.of(token, server)), "The token came from " + VARIABLE + ". Set it to another one.");
    }

    static Credential kept(URI server, KeptTokens tokens) throws IOException {
        return tokens.find(Origin.of(server))
                .filter(kept -> Bearer.isToken(kept.token()))
                .map(kept -> new Credential(
                        Optional.of(Bearer.of(kept.token(), server)), "Log in again with modelward login."))
                .orElse(NONE);
    }

    /** Refuses to send a token where others can read it. */
    static void requirePrivate(URI server, boolean allowed) {
        if (!allowed && !Origin.of(server).isPrivate()) {
            throw new Usage("A token would go to " + Origin.of(server)
                    + " unencrypted, and whoever reads it on its way could use it. Use https. In a network that you"
                    + " trust, say --insecure-http, or set " + INSECURE + "=1.");
        }
    }

    /** Reads a token from the first line; what follows is left for the command. */
    static String read(InputStream in) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int octet = in.read(); octet >= 0 && octet != '\n'; octet = in.read()) {
            line.write(octet);
            if (line.size() > LONGEST) {
                break;
            }
        }
        String token = line.toString(StandardCharsets.UTF_8).strip();
        if (!Bearer.isToken(token)) {
            throw new Usage(
                    "The first line of the standard input has no token: a token has no spaces, and letters of ASCII"
                            + " only.");
        }
        return token;
    }
}
