package io.modelward.server.api;

import io.modelward.core.json.Json;
import io.modelward.gateway.model.ServableVersion;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.eclipse.jetty.http.HttpField;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.StringNode;

/**
 * What each answer of a version says of the version, written once.
 *
 * @param members of the answer, up to the value of {@code prediction_id}
 */
record VersionText(ServableVersion version, byte[] members, HttpField number, HttpField digest) {

    /** How many are kept; a version beyond them is written anew for each answer. */
    static final int KEPT = 1024;

    // The very version, not one that is equal to it: to compare two would take longer than to write one.
    @SuppressWarnings("ReferenceEquality")
    static VersionText of(AtomicReferenceArray<VersionText> kept, ServableVersion version) {
        int place = System.identityHashCode(version) & (KEPT - 1);
        @Nullable VersionText found = kept.get(place);
        if (found != null && found.version() == version) {
            return found;
        }
        VersionText written = write(version);
        kept.set(place, written);
        return written;
    }

    private static VersionText write(ServableVersion version) {
        String members = ",\"model\":" + quoted(version.model().toString())
                + ",\"model_version\":" + quoted(version.version().toString())
                + ",\"digest\":" + quoted(version.digest().toString())
                + ",\"prediction_id\":";
        return new VersionText(
                version,
                members.getBytes(StandardCharsets.UTF_8),
                new HttpField("Modelward-Version", version.version().toString()),
                new HttpField("Modelward-Digest", version.digest().toString()));
    }

    /** Names hold nothing that JSON would escape, but that is for their types to promise, not for this line. */
    private static String quoted(String text) {
        return Json.write(StringNode.valueOf(text));
    }
}
