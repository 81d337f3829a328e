package io.modelward.server.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryShare;
import io.modelward.core.memory.Reservation;
import io.modelward.core.problem.ProblemException;
import io.modelward.core.signature.Signature;
import io.modelward.gateway.contract.Contract;
import io.modelward.runtime.Instances;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class PredictBodyTest {

    private static final byte[] ROWS =
            ("{\"instances\":[" + "[1,2],".repeat(999) + "[1,2]]}").getBytes(StandardCharsets.UTF_8);

    private static Contract contract(String items) {
        String schema = "{\"type\":\"array\",\"items\":{\"type\":\"" + items + "\"},\"minItems\":2,\"maxItems\":2}";
        return new Contract(Signature.of(
                Optional.of(Json.parse(schema, "schema")),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty()));
    }

    @Test
    void rows_without_null_are_plain_numbers_also_where_the_contract_takes_null() {
        String second = "{\"type\":\"array\",\"prefixItems\":[{\"type\":\"number\"},{\"type\":[\"number\",\"null\"]}],"
                + "\"items\":false,\"minItems\":2}";
        Contract contract = new Contract(Signature.of(
                Optional.of(Json.parse(second, "schema")),
                Optional.empty(),
                OptionalInt.empty(),
                List.of(),
                Optional.empty()));
        assertThat(contract.plainWidth()).hasValue(2);
        assertThat(read(contract, "{\"instances\":[[1,4],[2.5 , 3]]}"))
                .isInstanceOfSatisfying(
                        Instances.Matrix.class,
                        rows -> assertThat(rows.values()).containsExactly(1, 4, 2.5, 3));
        assertThat(read(contract, "{\"instances\":[[1,4],[2.5,null]]}").rows()).isEqualTo(2);
        for (String body :
                List.of("{\"instances\":[[null,1]]}", "{\"instances\":[[1,nul]]}", "{\"instances\":[[1,null")) {
            assertThatThrownBy(() -> read(contract, body)).as(body).isInstanceOf(ProblemException.class);
        }
    }

    private static Instances read(Contract contract, String body) {
        try (Reservation memory = MemoryShare.unlimited().open("a request")) {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            return new PredictBody(bytes, memory).read(contract).instances();
        }
    }

    @Test
    void rows_that_are_read_again_for_another_contract_take_the_memory_of_one_reading() {
        for (Contract contract : List.of(contract("number"), contract("integer"))) {
            try (Reservation memory = MemoryShare.unlimited().open("a request")) {
                memory.grow(ROWS.length);
                PredictBody rows = new PredictBody(ROWS, memory);
                assertThat(rows.read(contract).instances().rows()).isEqualTo(1000);
                long once = memory.bytes();
                assertThat(once).isGreaterThan(ROWS.length);
                for (int i = 0; i < 3; i++) {
                    assertThat(rows.read(contract).instances().rows()).isEqualTo(1000);
                    assertThat(memory.bytes()).isEqualTo(once);
                }
            }
        }
    }
}
