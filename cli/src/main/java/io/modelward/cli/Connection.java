package io.modelward.cli;

import io.modelward.client.ModelwardClient;
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

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();

    @Spec(Spec.Target.MIXEE)
    private @Nullable CommandSpec command;

    ModelwardClient client() {
        return new ModelwardClient(
                url(Optional.ofNullable(url).or(() -> root().url()), System.getenv()),
                actor(Optional.ofNullable(actor).or(() -> root().actor()), System.getenv()));
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
