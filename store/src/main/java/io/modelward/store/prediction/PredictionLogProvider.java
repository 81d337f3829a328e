package io.modelward.store.prediction;

import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.store.disk.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;

/** Opens prediction logs of one kind, which {@code predictions.type} names. */
public interface PredictionLogProvider extends Providers.Provider {

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** What was configured, ready to be opened. */
    interface Opening {
        /** @param directory for what lies on this machine */
        PredictionLog open(Disk disk, Path directory, InstantSource clock) throws IOException;
    }
}
