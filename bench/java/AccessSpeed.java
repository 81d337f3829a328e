import io.modelward.access.state.AccessState;
import io.modelward.access.state.GrantAuthorizer;
import io.modelward.access.state.TokenText;
import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Action;
import io.modelward.core.access.Grant;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Place;
import io.modelward.core.access.Principal;
import io.modelward.core.access.Resource;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.store.catalog.sqlite.SqliteCatalog;
import io.modelward.store.failpoint.Failpoints;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/**
 * What it takes to know a caller by a token and to decide whether the caller may predict: {@code AccessSpeed FOLDER
 * COUNT}. There are COUNT tokens of as many owners, and as many grants. Prints a JSON line: nanoseconds for both, for
 * one token and endpoint again and again, and for all in turn; milliseconds to read all tokens and grants at a start,
 * and after one of them changed.
 */
public final class AccessSpeed {

    private AccessSpeed() {}

    public static void main(String[] words) {
        int count = Integer.parseInt(words[1]);
        List<String> texts = new ArrayList<>();
        SecureRandom random = new SecureRandom();
        try (SqliteCatalog catalog = SqliteCatalog.open(Path.of(words[0], "catalog.sqlite"), Failpoints.NONE)) {
            Instant now = Instant.now();
            catalog.write(tx -> {
                for (int i = 0; i < count; i++) {
                    Subject owner = Subject.parse("owner", "service:owner-" + i);
                    Scope scope = Scope.parse("scope", "endpoint:endpoint-" + i + "*");
                    Change change = new Change(now, "bench", true, "");
                    tx.access().insert(i + 1L, new Grant("g-" + (i + 1), owner, new Permission(Role.PREDICTOR, scope), change));
                    String text = TokenText.make(TokenText.TOKEN, random);
                    texts.add(text);
                    tx.access()
                            .insert(new AccessToken(
                                    "t-" + i,
                                    i + 1L,
                                    TokenText.Hash.of(text).toString(),
                                    AccessToken.Kind.TOKEN,
                                    "bench",
                                    owner,
                                    Optional.of(List.of(new Permission(Role.PREDICTOR, Scope.SERVER))),
                                    now,
                                    now.plus(Duration.ofDays(1)),
                                    0,
                                    Optional.empty(),
                                    Optional.empty()));
                }
                return true;
            });
            AccessState state = new AccessState(
                    catalog, InstantSource.system(), System::nanoTime, Duration.ofMinutes(5), Duration.ofHours(1));
            long begun = System.nanoTime();
            state.refresh();
            double read = (System.nanoTime() - begun) / 1e6;
            catalog.write(tx -> tx.access().revoke("t-0", now));
            begun = System.nanoTime();
            state.refresh();
            double change = (System.nanoTime() - begun) / 1e6;
            GrantAuthorizer authorizer = new GrantAuthorizer(
                    state,
                    resource -> resource instanceof Resource.Endpoint endpoint
                            ? Optional.of(Place.endpoint(endpoint.name(), List.of()))
                            : Optional.of(Place.SERVER));
            double one = Double.MAX_VALUE;
            double all = Double.MAX_VALUE;
            Random which = new Random(1);
            for (int round = 0; round < 8; round++) {
                one = Math.min(one, nanos(state, authorizer, texts, 200_000, () -> count / 2));
                all = Math.min(all, nanos(state, authorizer, texts, 200_000, () -> 1 + which.nextInt(count - 1)));
            }
            System.out.printf(
                    Locale.ROOT,
                    "{\"one_ns\":%.0f,\"all_ns\":%.0f,\"read_ms\":%.1f,\"change_ms\":%.2f}%n",
                    one,
                    all,
                    read,
                    change);
        }
    }

    private static double nanos(
            AccessState state,
            GrantAuthorizer authorizer,
            List<String> texts,
            int times,
            java.util.function.IntSupplier next) {
        long begun = System.nanoTime();
        for (int i = 0; i < times; i++) {
            int at = next.getAsInt();
            AccessToken token = state.use(TokenText.TOKEN, texts.get(at)).orElseThrow();
            Principal caller = new Principal(
                    token.owner().toString(), true, new Via(token.name(), "127.0.0.1"), token.id(), Set.of());
            if (!authorizer.allows(caller, Action.PREDICT, new Resource.Endpoint("endpoint-" + at))) {
                throw new IllegalStateException("refused");
            }
        }
        return (System.nanoTime() - begun) / (double) times;
    }
}
