package io.modelward.server.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Authorizer;
import io.modelward.core.json.Json;
import io.modelward.core.memory.MemoryBudget;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which route an address leads to, over real sockets. */
class RouterTest {

    private final HttpRoute.Table routes = new HttpRoute.Table();
    private HttpServer server;
    private String address;

    @AfterEach
    void stop() {
        server.close();
    }

    /** A route that answers its template and its parameters. */
    private void route(String method, String template, String... parameters) {
        routes.blocking(method, template, Action.READ, exchange -> {
            StringBuilder text = new StringBuilder(template);
            for (String parameter : parameters) {
                text.append(" ").append(parameter).append("=").append(exchange.path(parameter));
            }
            return Reply.ok(Json.object().put("route", text.toString()));
        });
    }

    private void serve() {
        server = new HttpServer(
                new Listener("127.0.0.1", 0),
                HttpNetwork.local(Set.of()),
                routes,
                new ClaimedName(),
                new Access(Authorizer.EVERYONE),
                new MemoryBudget(words -> {}).share("documents", 1 << 20),
                Runnable::run,
                new SimpleMeterRegistry());
        address = server.start();
    }

    /** The status of the answer, and what its route says. */
    private String ask(String method, String path) throws IOException {
        try (RawClient client = RawClient.ask(address, method, path)) {
            List<String> head = client.head();
            String status = head.getFirst().split(" ")[1];
            if (status.equals("405")) {
                return head.stream()
                        .filter(line -> line.startsWith("Allow"))
                        .findFirst()
                        .orElse("405 without Allow");
            }
            if (!status.equals("200")) {
                return status;
            }
            int length = head.stream()
                    .filter(line -> line.startsWith("Content-Length: "))
                    .mapToInt(line -> Integer.parseInt(line.substring("Content-Length: ".length())))
                    .findFirst()
                    .orElseThrow();
            return Json.parse(client.text(length), "answer").path("route").asString();
        }
    }

    private void hubAndApi() {
        route("GET", "/");
        route("GET", "/api/v1/models/{namespace}/{name}", "namespace", "name");
        route("POST", "/api/v1/models/{namespace}/{name}", "namespace", "name");
        route("POST", "/predict/{endpoint}", "endpoint");
        route("GET", "/{namespace}/{name}", "namespace", "name");
        route("GET", "/{ns}/{model}/resolve/{revision}/{path}", "ns", "model", "revision", "path");
        route("PUT", "/{owner}/{thing}/tree", "owner", "thing");
        serve();
    }

    @Test
    void a_template_may_begin_with_parameters_and_each_route_has_its_own_names() throws IOException {
        hubAndApi();
        assertThat(ask("GET", "/acme/iris")).isEqualTo("/{namespace}/{name} namespace=acme name=iris");
        assertThat(ask("GET", "/acme/iris/resolve/main/a/b%20c.txt"))
                .isEqualTo("/{ns}/{model}/resolve/{revision}/{path} ns=acme model=iris revision=main path=a/b c.txt");
        assertThat(ask("PUT", "/acme/iris/tree")).isEqualTo("/{owner}/{thing}/tree owner=acme thing=iris");
        assertThat(ask("GET", "/")).isEqualTo("/");
    }

    @Test
    void a_first_word_of_a_door_is_never_taken_for_a_name() throws IOException {
        hubAndApi();
        assertThat(ask("GET", "/api/v1")).isEqualTo("404");
        assertThat(ask("GET", "/api/v1/resolve/main/x")).isEqualTo("404");
        assertThat(ask("GET", "/predict/iris")).isEqualTo("Allow: POST");
        assertThat(ask("POST", "/predict/iris")).isEqualTo("/predict/{endpoint} endpoint=iris");
    }

    @Test
    void an_empty_first_segment_is_no_name() throws IOException {
        hubAndApi();
        assertThat(ask("GET", "//iris")).isEqualTo("404");
        assertThat(ask("GET", "/acme/")).isEqualTo("/{namespace}/{name} namespace=acme name=");
    }

    @Test
    void a_literal_wins_over_a_parameter_and_a_parameter_over_the_rest_whatever_was_added_first() throws IOException {
        route("GET", "/files/{path}", "path");
        route("GET", "/files/{name}", "name");
        route("GET", "/files/index");
        route("GET", "/files/{name}/raw", "name");
        serve();
        assertThat(ask("GET", "/files/index")).isEqualTo("/files/index");
        assertThat(ask("GET", "/files/other")).isEqualTo("/files/{name} name=other");
        assertThat(ask("GET", "/files/index/raw")).isEqualTo("/files/{name}/raw name=index");
        assertThat(ask("GET", "/files/index/raw/more")).isEqualTo("/files/{path} path=index/raw/more");
        assertThat(ask("GET", "/files/")).isEqualTo("/files/{name} name=");
        assertThat(ask("GET", "/files")).isEqualTo("404");
    }

    @Test
    void a_template_without_the_method_gives_way_to_the_next_and_405_names_the_methods_of_all() throws IOException {
        route("GET", "/things/new");
        route("DELETE", "/things/{thing}", "thing");
        route("POST", "/things/{path}", "path");
        serve();
        assertThat(ask("DELETE", "/things/new")).isEqualTo("/things/{thing} thing=new");
        assertThat(ask("POST", "/things/new")).isEqualTo("/things/{path} path=new");
        assertThat(ask("PUT", "/things/new")).isEqualTo("Allow: DELETE, GET, POST");
        assertThat(ask("PUT", "/things/old")).isEqualTo("Allow: DELETE, POST");
        assertThat(ask("PUT", "/things/old/one")).isEqualTo("Allow: POST");
    }

    @Test
    void a_path_is_decoded_once_and_an_encoded_slash_is_refused() throws IOException {
        hubAndApi();
        assertThat(ask("GET", "/acme/iris%2525")).isEqualTo("/{namespace}/{name} namespace=acme name=iris%25");
        assertThat(ask("GET", "/acme%2Firis/x")).isEqualTo("400");
        assertThat(ask("GET", "/acme/%ff")).isEqualTo("400");
        assertThat(ask("GET", "/acme/..;")).isEqualTo("400");
        assertThat(ask("GET", "/%61pi/v1/models/a/b"))
                .isEqualTo("/api/v1/models/{namespace}/{name} namespace=a name=b");
    }

    @Test
    void two_templates_that_differ_in_names_only_are_refused() {
        route("GET", "/");
        serve();
        HttpRoute.Table twice = new HttpRoute.Table();
        twice.blocking("GET", "/{a}/x", Action.READ, exchange -> Reply.nothing());
        twice.blocking("GET", "/{b}/x", Action.READ, exchange -> Reply.nothing());
        assertThatThrownBy(() -> new RouteTree(twice.routes()))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("/{a}/x and /{b}/x");
    }
}
