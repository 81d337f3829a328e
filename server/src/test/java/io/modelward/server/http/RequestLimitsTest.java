package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.access.Principal;
import io.modelward.core.problem.Problem;
import io.modelward.core.problem.ProblemType;
import io.modelward.core.problem.StartRefused;
import io.modelward.server.http.NetworkServer.Answer;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RequestLimitsTest {

    private static final long SECOND = 1_000_000_000L;
    private static final String HERE = "Host: 127.0.0.1";
    /** What the clients of the Hugging Face Hub look for. */
    private static final Pattern REMAINING =
            Pattern.compile("\"(?<type>\\w+)\"\\s*;\\s*r\\s*=\\s*(?<r>\\d+)\\s*;\\s*t\\s*=\\s*(?<t>\\d+)");

    private static final Pattern POLICY = Pattern.compile("q\\s*=\\s*(?<q>\\d+).*?w\\s*=\\s*(?<w>\\d+)");

    @Test
    void a_bucket_gives_its_tokens_at_once_and_gets_them_back_evenly() {
        TokenBuckets buckets = new TokenBuckets(60, Duration.ofMinutes(1));
        for (int i = 59; i >= 0; i--) {
            TokenBuckets.Take take = buckets.take("a", 7);
            assertThat(take.taken()).isTrue();
            assertThat(take.remaining()).isEqualTo(i);
        }
        assertThat(buckets.empty("a", 7)).isTrue();
        TokenBuckets.Take refused = buckets.take("a", 7);
        assertThat(refused.taken()).isFalse();
        assertThat(refused.nanos()).isEqualTo(SECOND);
        assertThat(buckets.take("b", 7).taken()).as("another's").isTrue();
        assertThat(buckets.take("a", 7 + SECOND).taken()).isTrue();
        assertThat(buckets.take("a", 7 + SECOND).taken()).isFalse();
        assertThat(buckets.take("a", 7 + 1000 * SECOND).remaining())
                .as("full again")
                .isEqualTo(59);
        assertThat(buckets.empty("never seen", 7)).isFalse();
    }

    @Test
    void strangers_with_many_addresses_make_no_more_buckets_and_one_in_use_keeps_its_debt() {
        TokenBuckets buckets = new TokenBuckets(10, Duration.ofHours(1));
        for (int i = 0; i < 10; i++) {
            assertThat(buckets.take("busy", 0).taken()).isTrue();
        }
        for (int i = 0; i < 1_000_000; i++) {
            buckets.take("stranger-" + i, 0);
            if (i % 10_000 == 0) {
                assertThat(buckets.size()).isLessThanOrEqualTo(TokenBuckets.MOST);
                assertThat(buckets.take("busy", 0).taken()).isFalse();
            }
        }
    }

    @Test
    void many_at_once_take_exactly_what_is_there() throws Exception {
        TokenBuckets buckets = new TokenBuckets(100_000, Duration.ofHours(1));
        AtomicInteger taken = new AtomicInteger();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (int j = 0; j < 40_000; j++) {
                    if (buckets.take("one", 0).taken()) {
                        taken.incrementAndGet();
                    }
                }
            }));
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(taken).hasValue(100_000);
    }

    private static HttpNetwork limited(String requests, String proxies) {
        return new HttpNetwork(
                Set.of(),
                Optional.empty(),
                Proxies.of(proxies, "x-forwarded"),
                new RequestLimits(Optional.of(RateLimit.parse("limits.requests", requests)), Optional.empty()));
    }

    @Test
    void who_calls_too_often_is_answered_429_in_the_form_that_clients_wait_by() throws IOException {
        try (NetworkServer server = new NetworkServer(limited("3/1m", ""))) {
            for (int i = 2; i >= 0; i--) {
                Answer answer = server.get("/who", HERE, "Modelward-Actor: alex");
                assertThat(answer.status()).isEqualTo(200);
                assertThat(answer.headers().get("ratelimit")).startsWith("\"default\";r=" + i + ";t=");
                assertThat(answer.headers()).containsEntry("ratelimit-policy", "\"default\";q=3;w=60");
            }
            Answer refused = server.get("/who", HERE, "Modelward-Actor: alex");
            assertThat(refused.status()).isEqualTo(429);
            assertThat(REMAINING.matcher(refused.headers().get("ratelimit")))
                    .matches(match -> match.find()
                            && match.group("r").equals("0")
                            && match.group("t").equals(refused.headers().get("retry-after")));
            assertThat(POLICY.matcher(refused.headers().get("ratelimit-policy")))
                    .matches(match -> match.find()
                            && match.group("q").equals("3")
                            && match.group("w").equals("60"));
            assertThat(Integer.parseInt(refused.headers().get("retry-after"))).isBetween(18, 20);
            assertThat(server.get("/who", HERE, "Modelward-Actor: kim").status())
                    .as("another caller")
                    .isEqualTo(200);
            for (int i = 0; i < 5; i++) {
                assertThat(server.get("/livez", HERE).status()).as("health").isEqualTo(204);
            }
        }
    }

    @Test
    void who_has_no_name_is_counted_by_address() throws IOException {
        try (NetworkServer server = new NetworkServer(limited("1/1h", "127.0.0.1"))) {
            for (String address : List.of("203.0.113.1", "203.0.113.2", "2001:db8:1:2::1", "2001:db8:1:3::1")) {
                assertThat(server.get("/who", HERE, "X-Forwarded-For: " + address)
                                .status())
                        .as(address)
                        .isEqualTo(200);
            }
            for (String address : List.of("203.0.113.1", "2001:db8:1:2:ffff::9")) {
                assertThat(server.get("/who", HERE, "X-Forwarded-For: " + address)
                                .status())
                        .as(address)
                        .isEqualTo(429);
            }
        }
    }

    @Test
    void without_a_limit_nothing_is_counted_and_no_header_says_so() throws IOException {
        try (NetworkServer server = new NetworkServer(HttpNetwork.local(Set.of()))) {
            assertThat(server.get("/who", HERE).headers()).doesNotContainKeys("ratelimit", "ratelimit-policy");
        }
    }

    @Test
    void who_fails_to_prove_who_they_are_is_held_back_and_others_at_the_address_are_not() throws IOException {
        RequestLimits limits =
                new RequestLimits(Optional.empty(), Optional.of(RateLimit.parse("limits.failures", "2/1h")));
        HttpNetwork network =
                new HttpNetwork(Set.of(), Optional.empty(), Proxies.of("127.0.0.1", "x-forwarded"), limits);
        Authenticator token = request -> {
            if (!"right".equals(request.getHeaders().get("Authorization"))) {
                throw Problem.of(ProblemType.UNAUTHENTICATED, "No token.").exception();
            }
            return Principal.claimed("alex");
        };
        try (NetworkServer server = new NetworkServer(network, new Listener("127.0.0.1", 0), token, table -> {})) {
            for (int expected : new int[] {401, 401, 429, 429}) {
                Answer answer = server.get("/who", HERE, "Authorization: wrong");
                assertThat(answer.status()).isEqualTo(expected);
                assertThat(answer.headers().containsKey("retry-after")).isEqualTo(expected == 429);
            }
            assertThat(server.get("/who", HERE, "Authorization: right").status())
                    .isEqualTo(200);
            assertThat(server.get("/who", HERE, "Authorization: wrong", "X-Forwarded-For: 203.0.113.9")
                            .status())
                    .as("another address")
                    .isEqualTo(401);
            assertThat(server.get("/livez", HERE).status()).isEqualTo(204);
        }
    }

    @Test
    void a_limit_that_cannot_be_read_stops_the_start() {
        for (String wrong : List.of("600", "600/", "0/1m", "600/10", "many/1m", "1/100ms", "5/3d")) {
            assertThatThrownBy(() -> RateLimit.parse("limits.requests", wrong))
                    .as(wrong)
                    .isInstanceOf(StartRefused.class)
                    .hasMessageContaining("limits.requests");
        }
    }
}
