package io.modelward.cli;

import io.modelward.core.card.Card;
import io.modelward.core.json.Json;
import io.modelward.core.version.SemVer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/** Cards as files. */
final class Cards {

    private Cards() {}

    /**
     * Reads a card and holds it to the server's rules, so that a wrong one is found before gigabytes are sent.
     *
     * @param version the one it is for, where that is known
     */
    static JsonNode read(Path file, Optional<SemVer> version) throws IOException {
        JsonNode json = Json.parse(Files.readAllBytes(file), String.valueOf(file.getFileName()));
        Card card = Card.parse(json);
        version.ifPresent(card::requireVersion);
        return json;
    }
}
