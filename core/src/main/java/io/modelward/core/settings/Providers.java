package io.modelward.core.settings;

import io.modelward.core.problem.StartRefused;
import java.util.Collection;
import java.util.TreeSet;

/** Finds the one of several kinds of a part that the settings name. */
public final class Providers {

    private Providers() {}

    /** What opens one kind of a part. */
    public interface Provider {

        /** How settings name this kind, such as {@code disk}. */
        String type();
    }

    /**
     * The provider that settings name.
     *
     * @param key such as {@code blobs.type}
     * @param otherwise the type when the key is not set
     */
    public static <P extends Provider> P find(
            Configuration configuration, String key, String otherwise, Collection<P> providers) {
        String type = configuration.text(key).orElse(otherwise);
        TreeSet<String> known = new TreeSet<>();
        for (P provider : providers) {
            if (provider.type().equals(type)) {
                return provider;
            }
            known.add(provider.type());
        }
        throw new StartRefused(key + " is one of " + String.join(", ", known) + ".");
    }
}
