package io.modelward.core.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.Problems;
import io.modelward.core.json.Json;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class FormatCheckTest {

    private static final int CASES = 20_000;

    private final Random random = new Random(12);

    private String two(int most) {
        return "%02d".formatted(random.nextInt(most));
    }

    /** Parts of a time, some of them impossible, and whether the time exists, found in another way than by parsing. */
    private record Drawn(String text, boolean exists) {}

    private Drawn time() {
        int year = random.nextInt(10) < 8 ? 1900 + random.nextInt(200) : random.nextInt(10_000);
        int month = random.nextInt(14);
        int day = random.nextInt(33);
        String date = "%04d-%02d-%02d".formatted(year, month, day);
        String hour = two(25);
        String minute = two(61);
        String second = two(61);
        int form = random.nextInt(5);
        String clock = switch (form) {
            case 0 -> "";
            case 1 -> "T" + hour + ":" + minute;
            case 2 -> " " + hour + ":" + minute + ":" + second;
            default -> "T" + hour + ":" + minute + ":" + second + "." + (1 + random.nextInt(999_999_999));
        };
        int shift = random.nextInt(19);
        String zone = form == 0
                ? ""
                : List.of("", "Z", "+%02d:00".formatted(shift), "-%02d00".formatted(shift), "+%02d".formatted(shift))
                        .get(random.nextInt(5));
        int offset = zone.length() < 3 ? 0 : zone.charAt(0) == '-' ? -shift : shift;
        try {
            LocalDateTime moment = LocalDateTime.of(
                    year,
                    month,
                    day,
                    form == 0 ? 0 : Integer.parseInt(hour),
                    form == 0 ? 0 : Integer.parseInt(minute),
                    form < 2 ? 0 : Integer.parseInt(second));
            long seconds = moment.toEpochSecond(ZoneOffset.ofHours(offset));
            return new Drawn(date + clock + zone, seconds >= -9_223_286_400L && seconds < 9_223_286_400L);
        } catch (DateTimeException none) {
            return new Drawn(date + clock + zone, false);
        }
    }

    @Test
    void a_text_is_a_time_when_the_time_exists_and_64_bits_of_nanoseconds_hold_it() {
        int times = 0;
        for (int i = 0; i < CASES; i++) {
            Drawn drawn = time();
            assertThat(FormatCheck.isTime(drawn.text())).as(drawn.text()).isEqualTo(drawn.exists());
            times += drawn.exists() ? 1 : 0;
        }
        assertThat(times).isGreaterThan(CASES / 4);
        for (String text :
                List.of("", "tomorrow", "2024", "2024-1-1", "01/02/2024", "2024-01-01Z", "2024-01-01T", "1e9", "NaT")) {
            assertThat(FormatCheck.isTime(text)).as(text).isFalse();
        }
    }

    @Test
    void bytes_in_base64_are_told_from_what_cannot_be_read_as_such() {
        for (int i = 0; i < CASES; i++) {
            byte[] bytes = new byte[random.nextInt(120)];
            random.nextBytes(bytes);
            String text = random.nextBoolean()
                    ? Base64.getMimeEncoder().encodeToString(bytes)
                    : Base64.getEncoder().encodeToString(bytes) + "\n";
            assertThat(FormatCheck.isBase64(text)).as(text).isTrue();
            StringBuilder broken = new StringBuilder(text.strip());
            if (broken.isEmpty()) {
                continue;
            }
            int place = random.nextInt(broken.length());
            switch (random.nextInt(3)) {
                case 0 -> broken.insert(place, "!-_.\u00e9".charAt(random.nextInt(5)));
                case 1 -> broken.deleteCharAt(broken.length() - 1);
                default -> broken.insert(0, "=");
            }
            assertThat(FormatCheck.isBase64(broken.toString()))
                    .as(broken.toString())
                    .isFalse();
        }
    }

    private static Signature logged(String inputs) {
        return MlflowSignature.read(Json.object().put("inputs", inputs), false).orElseThrow();
    }

    @Test
    void what_is_no_time_and_no_bytes_is_refused_by_the_name_of_the_column() {
        RowCheck check = RowCheck.of(logged("""
                [{"name":"t","type":"datetime"},{"name":"b","type":"binary","required":false},
                 {"name":"o","type":"object","required":false,"properties":{"at":{"type":"datetime"}}},
                 {"name":"a","type":"array","required":false,"items":{"type":"binary"}}]"""));
        JsonNode good = Json.parse(
                "{\"t\":\"2024-01-31\",\"b\":null,\"o\":{\"at\":\"2024-01-31T00:00Z\"},\"a\":[\"AP8Q\"]}", "row");
        check.check(good, 0);
        for (String[] wrong : List.of(
                new String[] {"{\"t\":\"tomorrow\"}", "instances[1].t"},
                new String[] {"{\"t\":\"2024-01-31\",\"b\":\"no base64!\"}", "instances[1].b"},
                new String[] {"{\"t\":\"2024-01-31\",\"o\":{\"at\":\"x\"}}", "instances[1].o.at"},
                new String[] {"{\"t\":\"2024-01-31\",\"a\":[\"AP8Q\",\"A\"]}", "instances[1].a[1]"})) {
            Problems.refused(wrong[1], () -> check.check(Json.parse(wrong[0], "row"), 1));
        }
    }

    @Test
    void whole_numbers_of_a_tensor_have_the_bounds_of_their_type() {
        for (String[] type : List.of(
                new String[] {"int8", "-128", "127", "128"},
                new String[] {"uint8", "0", "255", "-1"},
                new String[] {"int64", "-9223372036854775808", "9223372036854775807", "9223372036854775808"},
                new String[] {"uint64", "0", "18446744073709551615", "18446744073709551616"})) {
            RowCheck check = RowCheck.of(
                    logged("[{\"type\":\"tensor\",\"tensor-spec\":{\"dtype\":\"" + type[0] + "\",\"shape\":[-1,1]}}]"));
            check.check(Json.parse("[" + type[1] + "]", "row"), 0);
            check.check(Json.parse("[" + type[2] + "]", "row"), 0);
            Problems.refused("instances[0][0]", () -> check.check(Json.parse("[" + type[3] + "]", "row"), 0));
        }
    }

    @Test
    void the_plainest_row_is_one_that_the_signature_takes() {
        Signature signature = logged("""
                [{"name":"t","type":"datetime"},{"name":"b","type":"binary"},{"name":"n","type":"long"},{"name":"s","type":"string"},
                 {"name":"o","type":"object","properties":{"x":{"type":"double"}}},{"name":"z","type":"double","required":false}]""");
        JsonNode row = BlankRow.of(signature).orElseThrow();
        RowCheck.of(signature).check(row, 0);
        assertThat(BlankRow.of(Signature.unknown())).isEmpty();
    }
}
