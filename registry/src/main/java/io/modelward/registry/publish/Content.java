package io.modelward.registry.publish;

import io.modelward.core.card.Card;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.published.VersionOrigin;
import io.modelward.core.signature.Signature;
import java.util.List;
import java.util.Optional;

/**
 * What becomes a version; it will not change any more.
 *
 * @param warnings what to say of it beside what its number says
 * @param origin where it came from, when it was registered rather than uploaded for it
 */
record Content(
        Card card,
        Manifest manifest,
        Signature signature,
        MetadataFiles extras,
        List<String> warnings,
        Optional<VersionOrigin> origin) {

    boolean external() {
        return origin.map(VersionOrigin::external).orElse(false);
    }
}
