package io.modelward.server.login;

import io.modelward.access.oidc.BrowserLogIn;
import io.modelward.access.oidc.LogInFailed;
import io.modelward.access.token.LogIns;
import io.modelward.core.access.Principal;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import io.modelward.server.http.Authenticator;
import io.modelward.server.http.ClientAddress;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.HttpRoute;
import io.modelward.server.http.PageCookie;
import io.modelward.server.http.Reply;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** The log-in of browsers. All of it is open: nobody is known yet. */
public final class LogInDoor {

    private static final String LOG_IN = "/login";

    private final Optional<BrowserLogIn> provider;
    private final LogIns logIns;
    private final Authenticator authenticator;
    private final InstantSource clock;
    private final boolean on;

    /**
     * @param provider empty when no provider is in the settings
     * @param authenticator says whose session a browser brings
     * @param on whether access control is on
     */
    public LogInDoor(
            Optional<BrowserLogIn> provider,
            LogIns logIns,
            Authenticator authenticator,
            InstantSource clock,
            boolean on) {
        this.provider = on ? provider : Optional.empty();
        this.logIns = logIns;
        this.authenticator = authenticator;
        this.clock = clock;
        this.on = on;
    }

    public void open(HttpRoute.Table routes) {
        routes.openBlocking("GET", LOG_IN, this::page);
        routes.openBlocking("GET", LOG_IN + "/start", this::start);
        routes.openBlocking("GET", LOG_IN + "/callback", this::callback);
        routes.openBlocking("POST", "/logout", this::logOut);
        Reply style = LogInPages.style();
        routes.openAsync("GET", "/static/login.css", exchange -> exchange.reply(style));
    }

    private Reply page(Exchange exchange) {
        Principal known = known(exchange);
        if (known.proven()) {
            return LogInPages.loggedIn(known.name());
        }
        return provider.isEmpty() ? LogInPages.noProvider(on) : LogInPages.logIn(NextPage.of(exchange.query("next")));
    }

    /** Whoever brings a session; a session that has ended is as none. */
    private Principal known(Exchange exchange) {
        if (PageCookie.SESSION.of(exchange.request()).isEmpty()) {
            return Principal.ANONYMOUS;
        }
        try {
            return authenticator.waiting(exchange.request());
        } catch (ProblemException unknown) {
            return Principal.ANONYMOUS;
        }
    }

    private Reply start(Exchange exchange) {
        if (provider.isEmpty()) {
            return LogInPages.noProvider(on);
        }
        BrowserLogIn logIn = provider.get();
        try {
            BrowserLogIn.Started started = logIn.start(NextPage.of(exchange.query("next")), redirect(exchange, logIn));
            PageCookie.LOG_IN.set(exchange, started.cookie(), BrowserLogIn.LONGEST);
            return plain(Reply.redirectAway(303, started.location()));
        } catch (LogInFailed failed) {
            return LogInPages.failed(failed.kind());
        }
    }

    /** Where the provider sends the browser back to: as the settings say, else to where the browser found us. */
    private static URI redirect(Exchange exchange, BrowserLogIn logIn) {
        String server = logIn.url().map(URI::toString).orElseGet(() -> ClientAddress.server(exchange.request()));
        try {
            return new URI(server + LOG_IN + "/callback");
        } catch (URISyntaxException malformed) {
            throw ProblemException.invalid("Host", "The header Host is no name of a host.");
        }
    }

    private Reply callback(Exchange exchange) {
        if (provider.isEmpty()) {
            return LogInPages.noProvider(on);
        }
        Optional<String> cookie = PageCookie.LOG_IN.of(exchange.request());
        PageCookie.LOG_IN.clear(exchange);
        try {
            BrowserLogIn.Ended ended = provider.get()
                    .end(
                            cookie,
                            new BrowserLogIn.Callback(
                                    once(exchange, "state"),
                                    once(exchange, "code"),
                                    once(exchange, "error"),
                                    once(exchange, "iss")));
            LogIns.Made session = logIns.session(ended.identity(), ClientAddress.of(exchange.request()));
            PageCookie.SESSION.set(exchange, session.text(), Duration.between(clock.instant(), session.expires()));
            return plain(Reply.redirect(303, ended.next()));
        } catch (LogInFailed failed) {
            return LogInPages.failed(failed.kind());
        } catch (ProblemException refused) {
            if (refused.problem().type() != ProblemType.UNAUTHENTICATED) {
                throw refused;
            }
            return LogInPages.disabled();
        }
    }

    /** A parameter that stands there once; twice is as never, since two readers might take different ones. */
    private static Optional<String> once(Exchange exchange, String name) {
        List<String> values = exchange.queries(name);
        return values.size() == 1 ? Optional.of(values.getFirst()) : Optional.empty();
    }

    /** Pages of other sites cannot post here, as nowhere; see the check of origins. */
    private Reply logOut(Exchange exchange) {
        Principal known = known(exchange);
        if (known.proven()) {
            logIns.end(known, ClientAddress.of(exchange.request()));
        }
        PageCookie.SESSION.clear(exchange);
        return LogInPages.loggedOut();
    }

    private static Reply plain(Reply redirect) {
        return redirect.with("Cache-Control", "no-store");
    }
}
