package prekeeper.app;

import java.io.InputStream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code prekeeper store}: what administrators do with everything that is stored. */
@Command(
        name = "store",
        description = "Backs up, restores, verifies and moves everything that is stored.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class)
final class StoreCommand implements Runnable {
    @Spec
    private CommandSpec spec;

    private StoreCommand() {}

    /**
     * The command with those below it.
     *
     * @param in what {@code import -} reads
     */
    static CommandLine with(Console console, InputStream in) {
        return new CommandLine(new StoreCommand())
                .addSubcommand(new BackupCommand(console))
                .addSubcommand(new RestoreCommand(console))
                .addSubcommand(new VerifyCommand(console))
                .addSubcommand(new ExportCommand(console))
                .addSubcommand(new ImportCommand(console, in));
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "A command is missing");
    }
}
