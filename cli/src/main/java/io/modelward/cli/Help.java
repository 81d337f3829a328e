package io.modelward.cli;

import picocli.CommandLine.Option;

/** The option that every command has. */
final class Help {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "show this help")
    private boolean help;
}
