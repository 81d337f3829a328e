package io.modelward.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "job",
        description = "Trains models by a schedule, and keeps what each run published and wrote.",
        subcommands = {
            JobCreateCommand.class,
            JobListCommand.class,
            JobShowCommand.class,
            JobRunCommand.class,
            JobRunsCommand.class,
            JobLogsCommand.class,
            JobPauseCommand.class,
            JobResumeCommand.class,
            JobStopCommand.class,
            JobDeleteCommand.class
        })
final class JobCommand extends Group {

    // picocli sets it.
    @SuppressWarnings("UnusedVariable")
    @Mixin
    private Help help = new Help();
}
