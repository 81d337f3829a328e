package io.modelward.app;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.StartRefused;
import io.modelward.core.settings.Configuration;
import io.modelward.runtime.sandbox.TemporaryFolder;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogCopy;
import io.modelward.store.data.DataDirectory;
import io.modelward.store.data.DirectoryCopy;
import io.modelward.store.data.Pairing;
import io.modelward.store.disk.Disk;
import io.modelward.store.disk.LocalDisk;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Moves a registry from the SQLite file of a data directory to the catalog that a configuration names. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Copies the registry of a data directory to the catalog and the data directory of a configuration,"
                    + " compares every row,"
                    + " and changes nothing of the source. No server may run on either.",
            "A copy that was interrupted goes on when the command is given again."
        })
final class MigrateCommand implements Callable<Integer> {

    private static final int REFUSED = 2;
    private static final int DIFFERENT = 5;

    @Option(
            names = "--from",
            paramLabel = "DATA",
            required = true,
            description = "the data directory to copy (required)")
    private @Nullable Path from;

    @Option(
            names = "--to",
            paramLabel = "CONFIG",
            required = true,
            description =
                    "a configuration file with the new catalog.url; with data.directory when the files move, too (required)")
    private @Nullable Path to;

    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        CommandSpec command = Objects.requireNonNull(spec);
        PrintWriter out = command.commandLine().getOut();
        Path source = Objects.requireNonNull(from).toAbsolutePath().normalize();
        try {
            return migrate(source, configuration(Objects.requireNonNull(to), source), out);
        } catch (StartRefused refused) {
            command.commandLine().getErr().println(refused.getMessage());
            return REFUSED;
        } catch (ProblemException problem) {
            command.commandLine().getErr().println(problem.problem().detail());
            return REFUSED;
        } finally {
            out.flush();
            command.commandLine().getErr().flush();
        }
    }

    /** All keys are checked as a start does. Without data.directory the files stay where they are. */
    private static Configuration configuration(Path file, Path source) {
        Configuration read = ConfigurationFile.read(Optional.of(file), Map.of());
        boolean stay = read.text("data.directory").isEmpty();
        Configuration configuration =
                stay ? ConfigurationFile.read(Optional.of(file), Map.of("data.directory", source.toString())) : read;
        Application.check(configuration);
        LogSettings.read(configuration).apply();
        return configuration;
    }

    private static int migrate(Path source, Configuration configuration, PrintWriter out) throws IOException {
        if (!Files.isRegularFile(source.resolve("format")) || !Files.isRegularFile(source.resolve("catalog.sqlite"))) {
            throw new StartRefused(source + " is not a data directory with a catalog.sqlite. Correct --from.");
        }
        Disk disk = new LocalDisk(Failpoints.NONE);
        try (TemporaryFolder _ = Application.temporaryFolder();
                StorageModule storage = new StorageModule(configuration, System.getenv());
                DataDirectory data = DataDirectory.open(disk, source)) {
            if (storage.isCatalogInside()) {
                throw new StartRefused("The configuration names no other catalog. Set catalog.url, such as"
                        + " postgresql://user@host:port/database.");
            }
            boolean filesStay = storage.directory().equals(source);
            if (!filesStay && (storage.directory().startsWith(source) || source.startsWith(storage.directory()))) {
                throw new StartRefused("data.directory lies within " + source
                        + ", or the other way round. Name a directory beside it.");
            }
            if (Files.exists(storage.directory()) && !Files.isDirectory(storage.directory())) {
                throw new StartRefused(storage.directory() + " is not a directory. Correct data.directory.");
            }
            DataDirectory target = filesStay ? data : storage.openDirectory(disk);
            Path copy = target.scratch();
            try (Catalog old = SourceCatalog.open(data, copy);
                    Catalog now = storage.openCatalog(target)) {
                if (!Pairing.begin(data, old, target, now)) {
                    out.println("The registry was moved before. Nothing was done.");
                    return 0;
                }
                List<CatalogCopy.Difference> differences = new CatalogCopy(old, now, progress(out)).run();
                out.println();
                if (!differences.isEmpty()) {
                    differences.forEach(
                            one -> out.println("Different: the table " + one.table() + " " + one.what() + "."));
                    out.println("Somebody else writes to the new catalog. Stop it and give the command again.");
                    return DIFFERENT;
                }
                out.println("Every row of the catalog is the same.");
                if (!filesStay && !files(data, target, old, out)) {
                    return DIFFERENT;
                }
                Pairing.end(target, now);
            } finally {
                SourceCatalog.remove(copy);
            }
            out.println("The registry is moved. Start it with: modelward serve --data " + target + " --config FILE");
            out.println(source
                    + " is as it was; keep it until you have a backup of the new place, and start no server on its old"
                    + " catalog: what is changed there is not moved any more.");
            return 0;
        }
    }

    private static boolean files(DataDirectory from, DataDirectory to, Catalog catalog, PrintWriter out)
            throws IOException {
        DirectoryCopy.Result result = DirectoryCopy.copy(
                from, to, blob -> catalog.read(tx -> tx.blobs().find(blob)).isPresent(), (done, all) -> {
                    out.print("\rcopied " + done + " of " + all + " files  ");
                    out.flush();
                });
        out.println();
        if (result.damaged().isEmpty()) {
            out.println("Every file is copied: " + result.files() + " files, each blob hashed on its way.");
            return true;
        }
        out.println(result.damaged().size() + " files are damaged in the source and were not copied, the first is "
                + result.damaged().getFirst()
                + ". Look at modelward verify there, repair them by storing the versions again, and give"
                + " the command again.");
        return false;
    }

    private static CatalogCopy.Progress progress(PrintWriter out) {
        return (step, table, done, all) -> {
            out.print("\r" + step + " " + table + ": " + done + " of " + all + " rows          ");
            if (done >= all) {
                out.println();
            }
            out.flush();
        };
    }
}
