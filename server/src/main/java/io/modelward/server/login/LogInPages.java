package io.modelward.server.login;

import io.modelward.access.oidc.LogInFailed;
import io.modelward.server.http.Reply;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;

/** The pages around a log-in: plain HTML that needs no script. Nothing that a provider sent stands in them. */
final class LogInPages {

    private LogInPages() {}

    /** Where nobody is logged in yet. */
    static Reply logIn(String next) {
        String query = next.equals(NextPage.HOME) ? "" : "?next=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
        return page(200, "Log in to Modelward", """
                <p>You log in with the account that your identity provider has for you.</p>
                <p><a class="go" href="/login/start%s">Log in</a></p>
                <p>Programs use a token instead.</p>""".formatted(escaped(query)));
    }

    /** @param on whether access control is on */
    static Reply noProvider(boolean on) {
        return page(200, "Log in to Modelward", on ? """
                <p>This server has no identity provider, so people cannot log in with a browser.</p>
                <p>Programs use a token: <code>Authorization: Bearer mwt_…</code>. Whoever runs this server can name
                an identity provider in its settings, as <code>access.oidc.issuer</code>.</p>""" : """
                <p>Access control is off on this server: nobody logs in, and everyone who can reach it may do
                everything. Whoever runs this server can turn it on in its settings, with
                <code>access.mode = on</code>.</p>""");
    }

    static Reply loggedIn(String name) {
        return page(200, "You are logged in", """
                <p>You are logged in as <code>%s</code>.</p>
                <form method="post" action="/logout"><button type="submit">Log out</button></form>""".formatted(escaped(name)));
    }

    static Reply loggedOut() {
        return page(200, "You are logged out", """
                <p>Your session here has ended. Your identity provider may still know you, so that the next log-in asks
                for nothing.</p>
                <p><a class="go" href="/login">Log in again</a></p>""");
    }

    static Reply failed(LogInFailed.Kind kind) {
        return switch (kind) {
            case STALE ->
                failed(
                        400,
                        "The log-in began more than ten minutes ago, began in another browser, or was used already.",
                        "Log in again");
            case REFUSED -> failed(403, "The identity provider did not let you in.", "Try again");
            case UNPROVED ->
                failed(
                        403,
                        "The answer of the identity provider does not prove who you are. The log of this server says"
                                + " more.",
                        "Try again");
            case AWAY ->
                failed(503, "The identity provider cannot be reached now. Try again in a minute.", "Try again")
                        .with("Retry-After", "30");
        };
    }

    static Reply disabled() {
        return failed(403, "You may not use this server. Ask whoever runs it.", "Log in as somebody else");
    }

    private static Reply failed(int status, String what, String again) {
        return page(status, "The log-in did not succeed", """
                <p>%s</p>
                <p><a class="go" href="/login">%s</a></p>""".formatted(escaped(what), escaped(again)));
    }

    private static Reply page(int status, String title, String content) {
        return Reply.html(status, """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <title>%1$s - Modelward</title>
            <link rel="stylesheet" href="/static/login.css">
            </head>
            <body>
            <main>
            <h1>%1$s</h1>
            %2$s
            </main>
            </body>
            </html>
            """.formatted(escaped(title), content))
                .with("Cache-Control", "no-store")
                // Under no-referrer a browser says of its own form that it comes from nowhere: Origin: null.
                .with("Referrer-Policy", "same-origin");
    }

    /** The style sheet of the pages. */
    static Reply style() {
        try (InputStream file = Objects.requireNonNull(LogInPages.class.getResourceAsStream("login.css"))) {
            return new Reply(200, Map.of(), new Reply.Content.Bytes("text/css; charset=utf-8", file.readAllBytes()))
                    .with("Cache-Control", "max-age=3600");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
