package io.modelward.runtime.host;

import io.modelward.core.format.ModelFormat;
import io.modelward.core.settings.Configuration;
import io.modelward.core.settings.Providers;
import io.modelward.runtime.ModelRuntime;
import io.modelward.runtime.RuntimeKind;
import java.util.List;

/** Opens model runtimes of one kind, one of those that {@code runtime.types} names. */
public interface RuntimeProvider extends Providers.Provider {

    /** What computes the predictions of its models; their numbers are kept in decision records. */
    List<RuntimeKind> kinds();

    /** The formats that it runs. */
    List<ModelFormat> formats();

    /** Reads the keys of this kind. */
    Opening read(Configuration configuration);

    /** What was configured, ready to be opened. */
    interface Opening {

        /** @param host what all runtimes share; whoever opened the host closes it after the runtimes */
        ModelRuntime open(RuntimeHost host);
    }
}
