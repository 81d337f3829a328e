package io.modelward.runtime.host;

import io.modelward.core.format.ModelFormat;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.RuntimeKind;
import java.util.List;

/** Opens model runtimes of one kind, one of those that {@code runtime.type} names. */
public interface RuntimeProvider extends Providers.Provider {

    /** The ways in which the runtime computes predictions; decision records keep their numbers. */
    List<RuntimeKind> kinds();

    /** The formats that it runs. */
    List<ModelFormat> formats();

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** A runtime with its settings, ready to be opened. */
    interface Opening {

        /** @param host the parts that all runtimes share; the opener of the host closes the host after the runtimes */
        ModelRuntime open(RuntimeHost host);
    }
}
