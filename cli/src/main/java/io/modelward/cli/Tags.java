package io.modelward.cli;

import io.modelward.client.ModelwardClient;
import io.modelward.core.version.ModelName;
import io.modelward.core.version.SemVer;
import java.util.List;
import java.util.Optional;

/** Changes of tags as the command line writes them. */
final class Tags {

    private Tags() {}

    /**
     * Sets and removes tags, one after the other. What is not understood changes nothing.
     *
     * @param set each {@code key=value}
     */
    static void change(
            ModelwardClient client,
            ModelName model,
            Optional<SemVer> version,
            List<String> set,
            List<String> removed,
            String reason) {
        if (set.isEmpty() && removed.isEmpty()) {
            throw new Usage("Name a tag: KEY=VALUE sets it, --remove KEY removes it.");
        }
        for (String tag : set) {
            if (tag.indexOf('=') < 1) {
                throw new Usage("A tag is written KEY=VALUE.");
            }
        }
        for (String tag : set) {
            int equals = tag.indexOf('=');
            client.changes().tag(model, version, tag.substring(0, equals), tag.substring(equals + 1), reason);
        }
        removed.forEach(key -> client.changes().untag(model, version, key, reason));
    }
}
