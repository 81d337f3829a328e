package io.modelward.core.settings;

import io.modelward.core.problem.StartRefused;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
        return find(key, configuration.text(key).orElse(otherwise), providers);
    }

    /**
     * The providers that settings name, of a part of which there may be several kinds at once.
     *
     * @param key whose value is types with commas between
     * @return in the order of {@code providers}; all of them when the key is not set
     */
    public static <P extends Provider> List<P> findAll(
            Configuration configuration, String key, Collection<P> providers) {
        Optional<String> named = configuration.text(key);
        if (named.isEmpty()) {
            return List.copyOf(providers);
        }
        Set<P> found = new HashSet<>();
        for (String type : named.get().split(",", -1)) {
            found.add(find(key, type.strip(), providers));
        }
        return providers.stream().filter(found::contains).toList();
    }

    private static <P extends Provider> P find(String key, String type, Collection<P> providers) {
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
