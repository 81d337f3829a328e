package io.modelward.cli;

import io.modelward.client.Bearer;
import io.modelward.client.KeptTokens;
import io.modelward.client.ModelwardClient;
import io.modelward.client.Origin;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of every command that talks to a server. */
final class Connection {

    private static final String DEFAULT_URL = "http://127.0.0.1:8080";

    @Option(
            names = "--url",
            paramLabel = "URL",
            description = "the server (default: $MODELWARD_URL, else port 8080 of this machine)")
    private @Nullable String url;

    @Option(names = "--json", description = "print the server's JSON, and nothing else")
    private boolean json;

    @Option(names = "--wide", description = "cut and wrap nothing, however narrow the terminal is")
    private boolean wide;

    @Option(
            names = "--actor",
            paramLabel = "NAME",
            description = "who acts (default: $MODELWARD_ACTOR, else your user name)")
    private @Nullable String actor;

    @Option(
            names = "--token",
            paramLabel = "-",
            description = "- reads a token from the first line of the standard input (default: $MODELWARD_TOKEN, else"
                    + " the token that modelward login keeps for the server)")
    private @Nullable String token;

    @Option(names = "--insecure-http", description = "let a token go unencrypted to another machine")
    private boolean insecureHttp;

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    /** Read from the standard input once. */
    private @Nullable String readToken;

    private @Nullable Credential used;

    /** With the token that the user gave, else the one of the environment, else the one that is kept. */
    ModelwardClient client() throws IOException {
        URI server = server();
        Optional<String> given = givenToken();
        return client(
                given.isPresent() ? Credential.given(given.get(), server) : Credential.found(server, environment()));
    }

    /** With the token that the user gave, else with none. */
    ModelwardClient clientOfGivenToken() throws IOException {
        Credential.requirePrivate(server(), isInsecureAllowed());
        Optional<String> given = givenToken();
        return given.isPresent() ? client(Credential.given(given.get(), server())) : client(server(), Optional.empty());
    }

    /** With the token that is kept, else with none. */
    ModelwardClient clientOfKeptToken() throws IOException {
        return client(Credential.kept(server(), keptTokens()));
    }

    private ModelwardClient client(Credential credential) {
        used = credential;
        if (credential.bearer().isPresent()) {
            Credential.requirePrivate(server(), isInsecureAllowed());
        }
        return client(server(), credential.bearer());
    }

    private ModelwardClient client(URI server, Optional<Bearer> bearer) {
        return new ModelwardClient(
                server, actor(Optional.ofNullable(actor).or(() -> root().actor()), environment()), bearer);
    }

    /** The token that the user gave with {@code --token -}. */
    Optional<String> givenToken() throws IOException {
        Optional<String> option = Optional.ofNullable(token).or(() -> root().token());
        if (option.isEmpty()) {
            return Optional.empty();
        }
        if (!option.get().equals("-")) {
            throw new Usage("A token is not written on the command line, where other users of this machine and the"
                    + " shell's history see it. Write --token - and give the token on the standard input, or set "
                    + Credential.VARIABLE + ".");
        }
        if (readToken == null) {
            readToken = Credential.read(root().surroundings().in());
        }
        return Optional.of(readToken);
    }

    /** What to do when the server does not know the caller; empty before the server was asked. */
    Optional<String> whenRefused() {
        return Optional.ofNullable(used).map(Credential::whenRefused);
    }

    /** Whether the command sends a token. */
    boolean hasToken() {
        return used != null && used.bearer().isPresent();
    }

    boolean hasVariable() {
        return given(environment(), Credential.VARIABLE).isPresent();
    }

    KeptTokens keptTokens() {
        return KeptTokens.ofUser(environment());
    }

    Origin origin() {
        return Origin.of(server());
    }

    private URI server() {
        return url(Optional.ofNullable(url).or(() -> root().url()), environment());
    }

    private boolean isInsecureAllowed() {
        return insecureHttp
                || root().insecureHttp()
                || environment().getOrDefault(Credential.INSECURE, "").equals("1");
    }

    private Map<String, String> environment() {
        return root().surroundings().environment();
    }

    Out out() {
        CommandLine line = Objects.requireNonNull(command).commandLine();
        Screen screen = wide ? Screen.UNLIMITED : root().screen();
        return new Out(line.getOut(), line.getErr(), line.getColorScheme().ansi(), json || root().json(), screen);
    }

    /** The options given before the command. */
    private ModelwardCli root() {
        return (ModelwardCli) Objects.requireNonNull(command).root().userObject();
    }

    static URI url(Optional<String> option, Map<String, String> environment) {
        String text = option.or(() -> given(environment, "MODELWARD_URL")).orElse(DEFAULT_URL);
        try {
            URI url = new URI(text);
            boolean http = "http".equalsIgnoreCase(url.getScheme()) || "https".equalsIgnoreCase(url.getScheme());
            if (http && url.getHost() != null && url.getRawQuery() == null && url.getRawFragment() == null) {
                return url;
            }
        } catch (URISyntaxException malformed) {
            throw notAnAddress(text);
        }
        throw notAnAddress(text);
    }

    private static Usage notAnAddress(String text) {
        return new Usage("\"" + text + "\" is not a server's address. Write it like " + DEFAULT_URL + ".");
    }

    /** A header carries ASCII only: a name that was asked for is refused, one that was only found is rewritten. */
    static String actor(Optional<String> option, Map<String, String> environment) {
        Optional<String> asked = option.or(() -> given(environment, "MODELWARD_ACTOR"));
        if (asked.isPresent()) {
            if (asked.get().isBlank() || !asked.get().chars().allMatch(Connection::isPrintable)) {
                throw new Usage("An actor's name is written in printable ASCII characters.");
            }
            return asked.get().strip();
        }
        StringBuilder name = new StringBuilder();
        System.getProperty("user.name", "")
                .codePoints()
                .map(c -> isPrintable(c) ? c : '?')
                .forEach(name::appendCodePoint);
        return name.toString().isBlank() ? "anonymous" : name.toString().strip();
    }

    private static boolean isPrintable(int character) {
        return character >= ' ' && character <= '~';
    }

    private static Optional<String> given(Map<String, String> environment, String name) {
        return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
    }
}
