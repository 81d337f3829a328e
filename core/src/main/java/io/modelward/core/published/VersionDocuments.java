package io.modelward.core.published;

import io.modelward.core.json.Encoded;
import io.modelward.core.json.Json;
import io.modelward.core.manifest.Manifest;
import io.modelward.core.signature.Signature;
import io.modelward.core.version.Bump;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/**
 * What is kept of a version for ever, each document with its text as it was written.
 *
 * @param card as sent
 * @param missing the core fields of the card that nobody knew
 * @param leastBump the least bump from the version below that its signature allowed
 * @param warnings sentences
 */
public record VersionDocuments(
        Encoded<Manifest> manifest,
        Encoded<ObjectNode> card,
        Encoded<List<String>> missing,
        Encoded<Signature> signature,
        Encoded<Bump> leastBump,
        Encoded<List<String>> warnings) {

    /** Those of a new version. */
    public static VersionDocuments of(
            Manifest manifest,
            ObjectNode card,
            List<String> missing,
            Signature signature,
            Bump leastBump,
            List<String> warnings) {
        return new VersionDocuments(
                Encoded.write(manifest, value -> new String(value.bytes(), StandardCharsets.UTF_8)),
                Encoded.object(card),
                Encoded.strings(missing),
                Encoded.write(signature, value -> Json.write(value.toJson())),
                Encoded.write(leastBump, Bump::label),
                Encoded.strings(warnings));
    }

    /** Those that are kept as these texts. */
    public static VersionDocuments read(
            String manifest, String card, String missing, String signature, String leastBump, String warnings) {
        return new VersionDocuments(
                Encoded.read(manifest, text -> Manifest.parse(text.getBytes(StandardCharsets.UTF_8))),
                Encoded.object(card, "card"),
                Encoded.strings(missing, "missing"),
                Encoded.read(signature, text -> Signature.fromJson(Json.parse(text, "signature"))),
                Encoded.read(leastBump, Bump::parse),
                Encoded.strings(warnings, "warnings"));
    }
}
