package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.app.GuardedServer.Caller;
import io.modelward.core.json.Json;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pages show to somebody who may see little, and what they offer to somebody who may do little. */
class PageSecrecyTest {

    private static final Pattern LINK = Pattern.compile("(?:href|hx-get|sse-connect)=\"([^\"]*)\"");
    private static final int MOST_PAGES = 300;

    /** Names, numbers and words of what Carl may not see. */
    private static final String[] HIDDEN = {"iris", "flowers", "champion", "hush"};

    @TempDir
    static Path directory;

    private static GuardedServer server;
    private static Map<String, String> names = Map.of();

    @BeforeAll
    static void fill() throws Exception {
        try (Application open = new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen", "127.0.0.1:0",
                                "data.directory", directory.resolve("data").toString(),
                                "runtime.environment", "/bin/false",
                                "webhooks.allow-private", "true")),
                Map.of())) {
            SampleCalls calls = new SampleCalls(open.address(), SampleCalls.NAMES);
            names = calls.content();
            calls.call("PUT", "/api/v1/models/default/iris/description", "{\"description\":\"hush\"}", "ann");
        }
        try (SqliteCatalog catalog =
                SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE)) {
            SampleCalls.endpoint(catalog);
            new AuditSequencer(catalog).run();
        }
        server = GuardedServer.start(directory);
    }

    @AfterAll
    static void stop() throws Exception {
        server.close();
    }

    private static Caller carl(String name) throws Exception {
        return server.caller(
                name, "owner on model:default/lily*", "owner on endpoint:lily*", "owner on experiment:lily*");
    }

    /** What a page says of this server: not the examples in its help, which speak of an iris. */
    private static String said(HttpResponse<String> page) {
        return page.body()
                .replaceAll("(?s)<(pre|code)[ >].*?</\\1>", "")
                .replaceAll("placeholder=\"[^\"]*\"", "")
                .replaceAll("<time [^>]*>[^<]*</time>", "");
    }

    /** Everything that the pages offer to a caller, by following each link; each address with its status. */
    private static Map<String, Integer> offered(Caller caller) throws Exception {
        Map<String, Integer> seen = new LinkedHashMap<>();
        Deque<String> next = new ArrayDeque<>(List.of("/ui/account"));
        while (!next.isEmpty() && seen.size() < MOST_PAGES) {
            String address = next.remove();
            if (seen.containsKey(address)) {
                continue;
            }
            // Live events do not end, and a problem is told before they begin.
            boolean live = address.startsWith("/ui/events");
            HttpResponse<String> answer = live ? null : caller.get(address);
            seen.put(address, answer == null ? 200 : answer.statusCode());
            if (answer == null
                    || !answer.headers().firstValue("Content-Type").orElse("").startsWith("text/html")) {
                continue;
            }
            Matcher links = LINK.matcher(answer.body());
            while (links.find()) {
                String link = links.group(1).replace("&amp;", "&").split("#", 2)[0];
                if (link.startsWith("/ui/") || link.startsWith("/api/") || link.equals("/metrics")) {
                    next.add(link);
                }
            }
        }
        assertThat(seen).hasSizeLessThan(MOST_PAGES);
        // The name of the product leads to the overview for everyone, and who may read nothing is told so there.
        seen.remove("/ui/");
        return seen;
    }

    @Test
    void pages_offer_nothing_that_is_refused_to_their_caller_and_to_an_owner_all_that_there_is() throws Exception {
        Map<String, Integer> all = offered(server.administrator());
        assertThat(all.keySet())
                .contains(
                        "/ui/models/default/iris",
                        "/ui/models/default/iris/delete",
                        "/ui/models/default/iris/versions/1.0.0/tag",
                        "/ui/endpoints/iris",
                        "/ui/audit",
                        "/ui/predictions",
                        "/ui/status/verify",
                        "/ui/webhooks/new",
                        "/ui/access/grants/new",
                        "/ui/access/users/disable");
        for (String role : List.of("predictor", "reader", "auditor", "publisher", "releaser", "owner")) {
            Caller caller = server.caller("all-" + role, role + " on *");
            Caller narrow = server.caller("one-" + role, role + " on model:default/iris");
            for (Caller one : List.of(caller, narrow)) {
                Map<String, Integer> offered = offered(one);
                assertThat(offered.entrySet().stream()
                                .filter(entry -> entry.getValue() == 401 || entry.getValue() == 403)
                                .toList())
                        .as("refused to " + one.subject())
                        .isEmpty();
                assertThat(offered.containsKey("/ui/models/default/iris/delete"))
                        .as("deleting is offered to " + one.subject())
                        .isEqualTo(role.equals("owner"));
                assertThat(offered.containsKey("/ui/models/default/iris/describe"))
                        .as("describing is offered to " + one.subject())
                        .isEqualTo(role.equals("owner") || role.equals("releaser"));
                assertThat(offered.keySet())
                        .as(one.subject())
                        .doesNotContain("/ui/webhooks", "/ui/access/users/disable");
            }
        }
    }

    @Test
    void pages_show_what_one_may_see_and_nothing_else() throws Exception {
        Caller carl = carl("carl");
        Caller administrator = server.administrator();
        List<String> shownToAll = new ArrayList<>();
        for (String page : List.of(
                "/ui/",
                "/ui/models",
                "/ui/endpoints",
                "/ui/predictions",
                "/ui/audit",
                "/ui/find?q=i",
                "/ui/find?q=" + names.get("run").substring(0, 6),
                "/ui/access",
                "/ui/account")) {
            HttpResponse<String> mine = carl.get(page);
            assertThat(mine.statusCode()).as(page).isEqualTo(200);
            assertThat(said(mine)).as(page).doesNotContain(HIDDEN);
            if (said(administrator.get(page)).contains("iris")) {
                shownToAll.add(page);
            }
        }
        assertThat(shownToAll).contains("/ui/", "/ui/models", "/ui/endpoints", "/ui/audit", "/ui/find?q=i");
        // What is Carl's is shown to him.
        carl.made("POST", "/api/v1/models/default/lily-1/drafts", Json.object());
        assertThat(carl.get("/ui/models").body()).contains("lily-1");
        assertThat(said(carl.get("/ui/find?q=i"))).contains("lily-1").doesNotContain(HIDDEN);
    }

    @Test
    void the_field_that_finds_anything_leads_to_nothing_that_one_may_not_see() throws Exception {
        Caller carl = carl("carla");
        for (String text : List.of("iris", "default/iris", "iris@1.0.0", "iris 1.0.0", names.get("run"), "flowers")) {
            String address = "/ui/find?q=" + text.replace(" ", "%20");
            HttpResponse<String> hidden = carl.get(address);
            HttpResponse<String> nothing = carl.get("/ui/find?q=irix");
            assertThat(hidden.statusCode()).as(text).isEqualTo(200);
            assertThat(said(hidden).replace(text, "irix")).as(text).isEqualTo(said(nothing));
            assertThat(said(server.administrator().get(address)).equals(said(nothing)))
                    .as(text)
                    .isFalse();
        }
    }

    @Test
    void live_parts_of_what_one_may_not_see_are_sent_to_nobody() throws Exception {
        assertThat(live(server.administrator())).contains("event: live");
        assertThat(live(carl("carlo"))).doesNotContain("event: live").doesNotContain("1.0.0");
    }

    /** What comes within the first moments of a stream. */
    private static String live(Caller caller) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(URI.create(server.address() + "/ui/events?topic=endpoint:iris"))
                .header("Authorization", "Bearer " + caller.token())
                .build();
        try (HttpClient http = HttpClient.newHttpClient();
                InputStream stream =
                        http.send(request, BodyHandlers.ofInputStream()).body()) {
            StringBuilder read = new StringBuilder();
            CompletableFuture<Void> reading = CompletableFuture.runAsync(() -> {
                byte[] piece = new byte[8192];
                try {
                    for (int length = stream.read(piece); length >= 0; length = stream.read(piece)) {
                        synchronized (read) {
                            read.append(new String(piece, 0, length, StandardCharsets.UTF_8));
                        }
                    }
                } catch (IOException closed) {
                    // The test has read enough.
                }
            });
            Duration twoRounds = Duration.ofMillis(2500);
            try {
                reading.get(twoRounds.toMillis(), TimeUnit.MILLISECONDS);
            } catch (TimeoutException still) {
                // A stream goes on.
            }
            http.shutdownNow();
            synchronized (read) {
                return read.toString();
            }
        }
    }

    @Test
    void the_text_of_a_token_stands_on_the_page_that_answers_and_nowhere_else() throws Exception {
        Caller owner = server.caller("maker", "owner on model:default/iris");
        HttpResponse<String> made =
                owner.form("/ui/account/tokens/new", "name=night&role=reader&scope=model:default/iris&expires=1h");
        assertThat(made.statusCode()).as(made.body()).isEqualTo(200);
        assertThat(made.headers().firstValue("Cache-Control")).contains("no-store");
        Matcher text = Pattern.compile("mwt_[A-Za-z0-9_-]{20,}").matcher(made.body());
        assertThat(text.find()).isTrue();
        String token = text.group();
        assertThat(owner.get("/ui/account").body()).contains("night").doesNotContain(token);
        assertThat(server.administrator().get("/ui/audit").body())
                .contains("night")
                .doesNotContain(token);
        // The token does what it was made for, and reaches no further than its maker.
        HttpResponse<String> wider = owner.form("/ui/account/tokens/new", "name=wide&role=reader&scope=*&expires=1h");
        assertThat(wider.statusCode()).isEqualTo(403);
        assertThat(wider.body()).doesNotContain("mwt_");
    }
}
