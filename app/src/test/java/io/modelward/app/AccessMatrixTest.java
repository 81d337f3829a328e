package io.modelward.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Role;
import io.modelward.core.access.Subject;
import io.modelward.registry.verify.AuditSequencer;
import io.modelward.server.http.HttpRoute;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every way in, by every role and every kind of credential, compared with docs/access-matrix.md. A new way in without a
 * row fails. {@code -Dmatrix.write=true} writes the table anew, for somebody to read.
 */
class AccessMatrixTest {

    private static final Path TABLE = Path.of(System.getProperty("modelward.root"), "docs", "access-matrix.md");
    /** What ends the credential that is tried. */
    private static final String LOG_OUT = "/api/v1/access/logout";

    @TempDir
    Path directory;

    private Map<String, String> parts = SampleCalls.NAMES;

    private Application start(String mode) throws Exception {
        return new Application(
                ConfigurationFile.read(
                        Optional.empty(),
                        Map.of(
                                "server.listen", "127.0.0.1:0",
                                "data.directory", directory.resolve("data").toString(),
                                "runtime.environment", "/bin/false",
                                "jobs.parallel", "0",
                                "access.mode", mode,
                                "limits.failures", "1000000/1m",
                                "webhooks.allow-private", "true")),
                Map.of());
    }

    private SqliteCatalog catalog() {
        return SqliteCatalog.open(directory.resolve("data").resolve("catalog.sqlite"), Failpoints.NONE);
    }

    private static Subject service(Role role) {
        return Subject.parse("subject", "service:" + role.label());
    }

    /** The headers of a credential. */
    private static Map<String, String> bearer(String token) {
        return Map.of("Authorization", "Bearer " + token);
    }

    private static Map<String, String> basic(String token) {
        return Map.of(
                "Authorization",
                "Basic " + Base64.getEncoder().encodeToString(("anybody:" + token).getBytes(StandardCharsets.UTF_8)));
    }

    private static Map<String, String> session(String text) {
        return Map.of("Cookie", "__Host-modelward=" + text, "Sec-Fetch-Site", "same-origin");
    }

    private static String words(HttpRoute route) {
        return route.method() + " " + route.template();
    }

    @Test
    void every_way_in_answers_each_role_as_the_table_says_by_each_kind_of_credential() throws Exception {
        try (Application application = start("off")) {
            parts = new SampleCalls(application.address(), SampleCalls.NAMES).content();
        }
        Map<Role, String> tokens = new HashMap<>();
        Map<Role, String> sessions = new HashMap<>();
        Map<String, Map<String, String>> invalid = new TreeMap<>();
        try (SqliteCatalog catalog = catalog()) {
            SampleCalls.endpoint(catalog);
            new AuditSequencer(catalog).run();
            AccessRows rows = new AccessRows(catalog);
            invalid.put("none", Map.of());
            invalid.put("garbage", bearer("mwt_000000000000000000000000000000000000"));
            for (Role role : Role.values()) {
                rows.grant(service(role), role, "*");
                tokens.put(role, rows.token(service(role)));
                sessions.put(
                        role,
                        rows.token(service(role), AccessToken.Kind.SESSION, Optional.empty(), Duration.ofHours(1)));
                String expired =
                        rows.token(service(role), AccessToken.Kind.TOKEN, Optional.empty(), Duration.ofMinutes(-1));
                invalid.put("expired " + role.label(), bearer(expired));
                String revoked = rows.token(service(role));
                rows.revoke(revoked);
                invalid.put("revoked " + role.label(), basic(revoked));
                Subject gone = Subject.parse("subject", "service:gone-" + role.label());
                rows.grant(gone, role, "*");
                invalid.put("disabled " + role.label(), bearer(rows.token(gone)));
                rows.disable(gone);
                // A session is no token, and a token no session.
                invalid.put("session as token " + role.label(), bearer(sessions.get(role)));
                invalid.put("token as session " + role.label(), session(tokens.get(role)));
            }
        }
        Map<String, String> table = new TreeMap<>();
        try (Application application = start("on")) {
            assertThat(application.bootstrap()).isEmpty();
            for (HttpRoute route : inOrder(application.routes())) {
                String row = words(route).replace("/ajax-api/", "/api/");
                String cells = cells(application, route, tokens, sessions, invalid);
                assertThat(table.getOrDefault(row, cells)).as(words(route)).isEqualTo(cells);
                table.put(row, cells);
            }
        }
        String written = written(table);
        if (Boolean.getBoolean("matrix.write")) {
            Files.writeString(TABLE, written);
        }
        assertThat(written).isEqualTo(Files.readString(TABLE));
    }

    private String cells(
            Application application,
            HttpRoute route,
            Map<Role, String> tokens,
            Map<Role, String> sessions,
            Map<String, Map<String, String>> invalid)
            throws Exception {
        for (Map.Entry<String, Map<String, String>> one : invalid.entrySet()) {
            int status = status(application, route, one.getValue());
            if (route.open()) {
                // A hook knows calls by their signatures only, and none of these is signed.
                assertThat(status == 401)
                        .as(words(route) + " " + one.getKey())
                        .isEqualTo(route.template().startsWith("/hooks/"));
                assertThat(status).as(words(route) + " " + one.getKey()).isNotEqualTo(403);
                return "open |".repeat(Role.values().length);
            }
            assertThat(status).as(words(route) + " " + one.getKey()).isEqualTo(401);
        }
        if (route.template().equals(LOG_OUT)) {
            return "yes |".repeat(Role.values().length);
        }
        StringBuilder cells = new StringBuilder();
        for (Role role : Role.values()) {
            String cell = cell(status(application, route, bearer(tokens.get(role))));
            List<Map<String, String>> others = new ArrayList<>();
            if (cell.equals("no") || route.method().equals("GET")) {
                others.add(basic(tokens.get(role)));
                others.add(session(sessions.get(role)));
            }
            for (Map<String, String> other : others) {
                assertThat(cell(status(application, route, other)))
                        .as(words(route) + " " + role + " " + other.keySet())
                        .isEqualTo(cell);
            }
            cells.append(cell).append(" |");
        }
        return cells.toString();
    }

    /** What is about the one job comes before what deletes the job or its model. */
    private static List<HttpRoute> inOrder(List<HttpRoute> routes) {
        List<HttpRoute> all = new ArrayList<>(
                routes.stream().filter(AccessMatrixTest::needsJob).toList());
        routes.stream().filter(route -> !needsJob(route)).forEach(all::add);
        return all;
    }

    private static boolean needsJob(HttpRoute route) {
        return SampleCalls.isOfJob(route)
                && !route.method().equals("DELETE")
                && !(route.method().equals("POST") && route.template().endsWith("/delete"));
    }

    private static String cell(int status) {
        assertThat(status).isNotEqualTo(401);
        return status == 403 ? "no" : "yes";
    }

    private int status(Application application, HttpRoute route, Map<String, String> headers) throws Exception {
        HttpResponse<String> answer = new SampleCalls(application.address(), parts, headers).call(route, "");
        assertThat(answer.statusCode() == 500).as(words(route) + answer.body()).isFalse();
        // The job and its run are there: who may do something with them finds them.
        assertThat(needsJob(route) && answer.statusCode() == 404)
                .as(words(route) + answer.body())
                .isFalse();
        return answer.statusCode();
    }

    private static String written(Map<String, String> table) {
        StringBuilder text = new StringBuilder("""
                # Who may do what

                Each way into the server, and the roles that may use the way, when a role is granted on the whole server
                (`*`). On a smaller scope a role allows the same, for what the scope covers. `open`: for everyone, known or
                not. `yes` for all roles: for everyone who is known; what comes back may depend on the grants of the
                caller. Without a valid credential, every way that is not open answers 401.

                A test compares this table with a running server, by Bearer, Basic and session, and with credentials that
                are missing, expired, revoked, of a disabled owner, or of the wrong kind. The addresses below
                `/ajax-api/` answer as those below `/api/`.

                | call |""");
        for (Role role : Role.values()) {
            text.append(' ').append(role.label()).append(" |");
        }
        text.append("\n|---|").append("---|".repeat(Role.values().length)).append('\n');
        table.forEach((row, cells) -> text.append("| `")
                .append(row)
                .append("` | ")
                .append(cells.strip())
                .append('\n'));
        return text.toString();
    }
}
