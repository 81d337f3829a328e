package io.modelward.core.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.memory.MemoryBudget;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Documents that are read without a copy, or without holding all of them, are read as any other. */
class LargeJsonTest {

    private static final List<String> BROKEN = List.of(
            "",
            " ",
            "{",
            "[1,2",
            "{\"a\":1,}",
            "{\"a\":1 \"b\":2}",
            "{\"a\":1,\"a\":2}",
            "{\"rows\":[1],\"rows\":[2]}",
            "[1] 2",
            "{\"rows\":[1,NaN]}",
            "{\"rows\":[1e999]}",
            "{\"rows\":[\"\\ud83d\"]}",
            "{\"rows\":[{\"a\":1,\"a\":1}]}",
            "{\"rows\":[1,]}",
            "\uFEFF{}",
            "{\"rows\":[1]}x",
            "nul",
            "{\"ä\":tru}");

    private Meter meter() {
        return Meter.of(new MemoryBudget(words -> {}).share("test", 64 << 20).open("a test"));
    }

    @Test
    void random_documents_mean_the_same_however_they_are_read() {
        for (int seed = 0; seed < 2000; seed++) {
            Random random = new Random(seed);
            ObjectNode document = Json.object();
            for (int i = random.nextInt(4); i > 0; i--) {
                document.set("k" + i, value(random, 3));
            }
            ArrayNode rows = document.putArray("rows");
            for (int i = random.nextInt(6); i > 0; i--) {
                rows.add(value(random, 3));
            }
            byte[] text = Json.bytes(document);
            assertThat(Json.parse(text, "body", meter())).as("seed %d", seed).isEqualTo(Json.parse(text, "body"));
            List<JsonNode> seen = new ArrayList<>();
            JsonNode rest = Json.eachOf("rows", text, "body", meter(), (row, index) -> {
                assertThat(index).isEqualTo(seen.size());
                seen.add(row);
            });
            assertThat(seen).as("seed %d", seed).containsExactlyElementsOf(rows);
            document.putArray("rows");
            assertThat(rest).as("seed %d", seed).isEqualTo(document);
            List<JsonNode> each = new ArrayList<>();
            Json.each(Json.bytes(rows), "column", (row, index) -> each.add(row));
            assertThat(each).containsExactlyElementsOf(rows);
        }
    }

    private static JsonNode value(Random random, int depth) {
        return switch (random.nextInt(depth == 0 ? 6 : 8)) {
            case 0 -> Json.parse("null", "v");
            case 1 -> Json.parse(Boolean.toString(random.nextBoolean()), "v");
            case 2 -> Json.parse(Long.toString(random.nextLong()), "v");
            case 3 -> Json.parse(Double.toString(random.nextGaussian() * 1e9), "v");
            case 4 -> Json.parse("123456789012345678901234567890", "v");
            case 5 -> Json.parse("\"" + "äö😀x".substring(0, 2) + random.nextInt() + "\"", "v");
            case 6 -> {
                ArrayNode array = Json.array();
                for (int i = random.nextInt(4); i > 0; i--) {
                    array.add(value(random, depth - 1));
                }
                yield array;
            }
            default -> {
                ObjectNode object = Json.object();
                for (int i = random.nextInt(4); i > 0; i--) {
                    object.set("ü" + i, value(random, depth - 1));
                }
                yield object;
            }
        };
    }

    @Test
    void what_is_broken_is_refused_at_the_same_place_however_it_is_read() {
        for (String text : BROKEN) {
            byte[] bytes = text.getBytes(UTF_8);
            String words = refusal(() -> Json.parse(bytes, "body"));
            assertThat(refusal(() -> Json.parse(bytes, "body", meter())))
                    .as(text)
                    .isEqualTo(words);
            assertThat(refusal(() -> Json.eachOf("rows", bytes, "body", meter(), (row, index) -> {})))
                    .as(text)
                    .isEqualTo(words);
        }
    }

    private static String refusal(Runnable reading) {
        try {
            reading.run();
        } catch (ProblemException refused) {
            // The library has other words for what it expected in bytes than in a text.
            return refused.problem().type() + " "
                    + refused.problem().detail().replaceFirst("(column \\d+: [A-Z]).*expected.*", "$1…");
        }
        return "it was taken";
    }

    @Test
    void bytes_that_are_not_UTF_8_are_refused_with_their_place() {
        byte[] bytes = "{\"a\":\n \"ä?\"}".getBytes(UTF_8);
        bytes[bytes.length - 3] = (byte) 0xC3;
        assertThat(refusal(() -> Json.parse(bytes, "body", meter())))
                .isEqualTo(refusal(() -> Json.parse(bytes, "body")))
                .contains("line 2, column 4");
    }

    @Test
    void every_form_of_many_small_values_is_refused_when_the_memory_for_its_tree_is_not_there() {
        for (String item : List.of("{}", "[]", "{\"a\":1}", "\"\"", "1", "[[]]", "null", "12345678901234567890123")) {
            byte[] document = ("[" + item + ("," + item).repeat(2_000_000 / item.length()) + "]").getBytes(UTF_8);
            MemoryShare small = new MemoryBudget(words -> {}).share("small", 1 << 20);
            Reservation held = small.open("a test");
            assertThatThrownBy(() -> Json.parse(document, "body", Meter.of(held)))
                    .as(item)
                    .isInstanceOfSatisfying(
                            ProblemException.class,
                            refused -> assertThat(refused.problem().type()).isEqualTo(ProblemType.TOO_LARGE));
            assertThat(held.bytes()).isLessThanOrEqualTo(1 << 20);
        }
    }

    @Test
    void elements_that_are_handed_over_one_by_one_take_the_memory_of_one() {
        byte[] document = ("{\"rows\":[[1,2,3]" + ",[1,2,3]".repeat(100_000) + "]}").getBytes(UTF_8);
        Reservation held = new MemoryBudget(words -> {}).share("test", 64 << 20).open("a test");
        int[] count = new int[1];
        Json.eachOf("rows", document, "body", Meter.of(held), (row, index) -> count[0]++);
        assertThat(count[0]).isEqualTo(100_001);
        assertThat(held.bytes()).isLessThanOrEqualTo(4 << 10);
    }
}
