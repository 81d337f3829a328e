package io.modelward.core.card;

import io.modelward.core.digest.Digest;
import io.modelward.core.json.CanonicalJson;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.version.SemVer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model card: a JSON object whose core fields have their types, and any other keys. Which fields are core, and of
 * what type, is in {@link CoreField}. Its digest is that of its RFC 8785 form, so two texts of one card are one card.
 */
public final class Card {

    /** How large the canonical form may be, in bytes. */
    public static final int LARGEST = 1 << 20;

    private final ObjectNode sent;
    private final byte[] canonical;
    private final Digest digest;

    private Card(ObjectNode sent, byte[] canonical) {
        this.sent = sent;
        this.canonical = canonical;
        this.digest = Digest.of(canonical);
    }

    /** The card that this is; refused with all that is wrong in {@code errors}, each error naming its field. */
    public static Card parse(JsonNode json) {
        if (!(json instanceof ObjectNode card)) {
            throw ProblemException.refused("card", "A card is a JSON object.");
        }
        CardErrors errors = new CardErrors();
        JsonNode data = card.path(CoreField.TRAINING_DATA);
        if (!data.isObject() && !data.isNull() && !data.isMissingNode()) {
            errors.report(CoreField.TRAINING_DATA, "must be an object");
        }
        for (CoreField field : CoreField.values()) {
            field.check(card, errors::report);
        }
        byte[] canonical = canonical(card, errors);
        if (canonical.length > LARGEST) {
            errors.report("card", "has " + canonical.length + " bytes, may have " + LARGEST);
        }
        errors.refuse();
        return new Card(card.deepCopy(), canonical);
    }

    private static byte[] canonical(ObjectNode card, CardErrors errors) {
        try {
            return CanonicalJson.bytes(card);
        } catch (ProblemException wrong) {
            errors.report(
                    wrong.problem().field().orElse("card"), wrong.problem().detail());
            return new byte[0];
        }
    }

    /** Refuses to go with another version than the one the card names, if it names one. */
    public void requireVersion(SemVer version) {
        version().filter(named -> !named.equals(version)).ifPresent(named -> {
            throw ProblemException.refused(
                    "version", "The card is of version " + named + ", but " + version + " is being published.");
        });
    }

    /** A copy of what was sent. */
    public ObjectNode asSent() {
        return sent.deepCopy();
    }

    /** What was sent, by RFC 8785. */
    public byte[] canonical() {
        return canonical.clone();
    }

    public Digest digest() {
        return digest;
    }

    /** The card's {@code name}, a title for people. */
    public Optional<String> title() {
        return CoreField.NAME.find(sent).map(JsonNode::stringValue);
    }

    public Optional<SemVer> version() {
        return CoreField.VERSION.find(sent).map(JsonNode::stringValue).map(SemVer::parse);
    }

    public Optional<JsonNode> inputSchema() {
        return CoreField.INPUT_SCHEMA.find(sent).map(JsonNode::deepCopy);
    }

    public Optional<JsonNode> outputSchema() {
        return CoreField.OUTPUT_SCHEMA.find(sent).map(JsonNode::deepCopy);
    }

    /** A copy of the value under this top-level key, which may be {@code null} in JSON. */
    public Optional<JsonNode> get(String key) {
        return sent.has(key) ? Optional.of(sent.path(key).deepCopy()) : Optional.empty();
    }

    /**
     * The card with the core fields that it lacks taken from what the server knows.
     *
     * @param known by field, as {@code author} or {@code training_data.features}; {@code training_data} may be given
     *     whole too
     */
    public Completed complete(Map<String, JsonNode> known) {
        ObjectNode shown = sent.deepCopy();
        List<String> filled = new ArrayList<>();
        List<String> missing = new ArrayList<>();
        for (CoreField field : CoreField.values()) {
            if (field.find(sent).isEmpty()) {
                Optional<JsonNode> value = field.lookUp(known);
                value.ifPresent(v -> field.fill(shown, v.deepCopy()));
                (value.isPresent() ? filled : missing).add(field.path());
            }
        }
        return new Completed(shown, filled, missing);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Card that && Arrays.equals(canonical, that.canonical);
    }

    @Override
    public int hashCode() {
        return digest.hashCode();
    }

    @Override
    public String toString() {
        return "Card[" + digest.shortForm() + "]";
    }

    /**
     * A card as it is shown.
     *
     * @param shown what was sent and what the server knows besides
     * @param filled the core fields that the server filled in
     * @param missing the core fields that nobody knows
     */
    public record Completed(ObjectNode shown, List<String> filled, List<String> missing) {

        public Completed {
            filled = List.copyOf(filled);
            missing = List.copyOf(missing);
        }
    }
}
