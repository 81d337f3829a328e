package io.modelward.runtime;

import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;

/** Opens model runtimes of one kind, which {@code runtime.type} names. */
public interface RuntimeProvider extends Providers.Provider {

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** What was configured, ready to be opened. */
    interface Opening {
        ModelRuntime open();
    }
}
