package io.modelward.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Help;

/** What a command line left behind. */
record Ran(int code, String out, String err) {

    static Ran modelward(FakeServer server, String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.add("--url=" + server.url());
        return modelward(all.toArray(String[]::new));
    }

    static Ran modelward(String... arguments) {
        return modelward(Screen.UNLIMITED, Help.Ansi.OFF, arguments);
    }

    static Ran modelward(Screen screen, Help.Ansi ansi, String... arguments) {
        return modelward(screen, ansi, Surroundings.real(), arguments);
    }

    static Ran modelward(Surroundings surroundings, String... arguments) {
        return modelward(Screen.UNLIMITED, Help.Ansi.OFF, surroundings, arguments);
    }

    private static Ran modelward(Screen screen, Help.Ansi ansi, Surroundings surroundings, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine line = ModelwardCli.create(screen, surroundings)
                .setColorScheme(Help.defaultColorScheme(ansi))
                .setOut(new PrintWriter(out))
                .setErr(new PrintWriter(err));
        int code = line.execute(arguments);
        return new Ran(code, out.toString(), err.toString());
    }
}
