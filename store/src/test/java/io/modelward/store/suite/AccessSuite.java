package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.access.AccessToken;
import io.modelward.core.access.Grant;
import io.modelward.core.access.KnownSubject;
import io.modelward.core.access.Permission;
import io.modelward.core.access.Reach;
import io.modelward.core.access.Role;
import io.modelward.core.access.Scope;
import io.modelward.core.access.Subject;
import io.modelward.core.audit.Change;
import io.modelward.core.audit.Via;
import io.modelward.core.json.Json;
import io.modelward.core.model.RegisteredModel;
import io.modelward.core.search.Field;
import io.modelward.core.search.Search;
import io.modelward.core.search.SortOrder;
import io.modelward.core.tracking.Experiment;
import io.modelward.core.tracking.Run;
import io.modelward.core.tracking.RunStatus;
import io.modelward.core.version.ModelName;
import io.modelward.store.catalog.Catalog;
import io.modelward.store.catalog.CatalogTransaction;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every catalog does with subjects, grants and tokens, and with lists for those who may not see everything. */
public abstract class AccessSuite {

    private static final Instant AT = Instant.ofEpochSecond(1_800_000_000L, 123_456_000);
    private static final Subject ANN = Subject.user("https://id.example", "ann");
    private static final Subject CI = Subject.parse("subject", "service:ci");

    /** Opens the catalog in the same place each time. */
    protected abstract Catalog open();

    private Catalog catalog;

    @BeforeEach
    void start() {
        catalog = open();
    }

    @AfterEach
    void stop() {
        catalog.close();
    }

    private void write(Consumer<CatalogTransaction> unit) {
        catalog.write(tx -> {
            unit.accept(tx);
            return true;
        });
    }

    private static Permission permission(Role role, String scope) {
        return new Permission(role, Scope.parse("scope", scope));
    }

    private static AccessToken token(String id, String hash, AccessToken.Kind kind, Instant expires) {
        return new AccessToken(
                id,
                0,
                hash,
                kind,
                "a name",
                CI,
                Optional.of(List.of(permission(Role.READER, "model:team/*"), permission(Role.PREDICTOR, "*"))),
                AT,
                expires,
                60,
                Optional.empty(),
                Optional.empty());
    }

    private static AccessToken numbered(AccessToken token, long number) {
        return new AccessToken(
                token.id(),
                number,
                token.hash(),
                token.kind(),
                token.name(),
                token.owner(),
                token.permissions(),
                token.createdAt(),
                token.expiresAt(),
                token.maxIdleSeconds(),
                token.revokedAt(),
                token.usedAt());
    }

    @Test
    void each_change_has_the_next_revision_and_is_found_by_those_who_know_the_one_before() {
        assertThat(catalog.<Long>read(tx -> tx.access().revision())).isZero();
        Grant grant =
                new Grant("g-1", ANN, permission(Role.OWNER, "model:team/*"), new Change(AT, "root", true, "why"));
        AccessToken token = numbered(token("t-1", "aa", AccessToken.Kind.TOKEN, AT.plusSeconds(9)), 1);
        KnownSubject ann = new KnownSubject(ANN, "Ann", Set.of("ml", "a\"b"), AT, Optional.empty());
        write(tx -> {
            assertThat(tx.access().nextGrant()).isEqualTo(1);
            tx.access().insert(1, grant);
            assertThat(tx.access().nextToken()).isEqualTo(1);
            tx.access().insert(token);
            tx.access().put(ann);
        });
        catalog.read(tx -> {
            assertThat(tx.access().revision()).isEqualTo(3);
            assertThat(tx.access().grantsSince(0, false)).containsExactly(grant);
            assertThat(tx.access().tokensSince(1)).containsExactly(token);
            assertThat(tx.access().tokensSince(2)).isEmpty();
            assertThat(tx.access().subjectsSince(2)).containsExactly(ann);
            assertThat(tx.access().subject(ANN)).contains(ann);
            return true;
        });
        write(tx -> {
            tx.access().put(new KnownSubject(ANN, "", Set.of(), AT, Optional.of(AT)));
            tx.access().remove(1, AT);
            assertThat(tx.access().revoke("t-1", AT)).isTrue();
            assertThat(tx.access().revoke("t-1", AT.plusSeconds(1))).isFalse();
        });
        catalog.read(tx -> {
            assertThat(tx.access().subject(ANN).orElseThrow().disabled()).isTrue();
            assertThat(tx.access().grant(1)).isEmpty();
            assertThat(tx.access().grants(Optional.empty(), 9, 9)).isEmpty();
            assertThat(tx.access().grantsSince(3, true)).containsExactly(grant);
            assertThat(tx.access().grantsSince(0, false)).isEmpty();
            assertThat(tx.access().token("t-1").orElseThrow().revokedAt()).contains(AT);
            return true;
        });
    }

    @Test
    void tokens_are_listed_by_owner_without_sessions_and_forgotten_when_they_ended_long_ago() {
        write(tx -> {
            tx.access().insert(numbered(token("t-1", "a1", AccessToken.Kind.TOKEN, AT.plusSeconds(9)), 1));
            tx.access().insert(numbered(token("s-2", "a2", AccessToken.Kind.SESSION, AT.plusSeconds(9)), 2));
            tx.access().insert(numbered(token("t-3", "a3", AccessToken.Kind.LOGIN, AT.plusSeconds(99)), 3));
            tx.access().used("t-3", AT.plusSeconds(5));
            tx.access().used("t-3", AT.plusSeconds(4));
        });
        catalog.read(tx -> {
            assertThat(tx.access().tokens(Optional.of(CI), Long.MAX_VALUE, 9))
                    .extracting(AccessToken::id)
                    .containsExactly("t-3", "t-1");
            assertThat(tx.access().tokens(Optional.of(ANN), Long.MAX_VALUE, 9)).isEmpty();
            assertThat(tx.access().tokens(Optional.empty(), 3, 9)).hasSize(1);
            assertThat(tx.access().token("t-3").orElseThrow().usedAt()).contains(AT.plusSeconds(5));
            return true;
        });
        write(tx -> assertThat(tx.access().forgetEnded(AT.plusSeconds(50), 10)).isEqualTo(2));
        Optional<AccessToken> gone = catalog.read(tx -> tx.access().token("t-1"));
        assertThat(gone).isEmpty();
    }

    @Test
    void models_are_listed_and_searched_within_reach_and_signs_of_patterns_in_names_are_signs() {
        write(tx -> {
            for (String name : List.of("a_b", "axb", "a!b", "other", "A_C")) {
                tx.models().insert(ModelName.of("default", name), "", AT);
            }
            tx.models().insert(ModelName.of("team", "a_b"), "", AT);
        });
        assertThat(listed("model:a_*")).containsExactly("default/A_C", "default/a_b");
        assertThat(listed("model:a!*")).containsExactly("default/a!b");
        assertThat(listed("model:*/a_b")).containsExactly("default/a_b", "team/a_b");
        assertThat(listed("endpoint:a_b")).isEmpty();
        assertThat(listed("*")).hasSize(6);
        Reach both = new Reach(
                List.of(
                        List.of(Scope.parse("scope", "model:a*"), Scope.parse("scope", "endpoint:x")),
                        List.of(Scope.parse("scope", "model:*b"))),
                Optional.empty());
        List<RegisteredModel> here = catalog.read(tx -> tx.models().list("", 9, both));
        assertThat(here)
                .extracting(model -> model.name().toString())
                .containsExactly("default/a!b", "default/a_b", "default/axb");
        List<RegisteredModel> found = catalog.read(
                tx -> tx.models().search(search(List.of()).within(both)).items());
        assertThat(found).hasSize(3);
    }

    private List<String> listed(String... scopes) {
        Reach reach = new Reach(
                List.of(Arrays.stream(scopes)
                        .map(scope -> Scope.parse("scope", scope))
                        .toList()),
                Optional.empty());
        return catalog.read(tx -> tx.models().list("", 9, reach).stream()
                .map(model -> model.name().toString())
                .toList());
    }

    private static Search search(List<Long> experiments) {
        return new Search(
                experiments,
                Search.View.ALL,
                List.of(),
                List.of(new SortOrder(
                        new Field(Field.Kind.ATTRIBUTE, experiments.isEmpty() ? "name" : "run_id"), true)),
                Optional.empty(),
                50);
    }

    @Test
    void experiments_and_runs_are_found_by_their_makers_and_by_the_names_of_experiments() {
        write(tx -> {
            long first = tx.experiments().nextId();
            tx.experiments().insert(new Experiment(first, "Iris-1", "x:/1", 1, 1, OptionalLong.empty()));
            tx.experiments().insert(new Experiment(first + 1, "roses", "x:/2", 1, 1, OptionalLong.empty()));
            run(tx, "r1", first);
            run(tx, "r2", first + 1);
            run(tx, "r3", first + 1);
            run(tx, "r4", 0);
            tx.access().madeBy("run:r3", CI.toString());
            tx.access().madeBy("run:r3", ANN.toString());
            assertThat(tx.access().maker("run:r3")).contains(CI.toString());
        });
        Reach own = new Reach(List.of(List.of(Scope.parse("scope", "experiment:Iris*"))), Optional.of(CI.toString()));
        List<Long> all = catalog.read(tx -> tx.experiments().search(search(List.of())).items().stream()
                .map(Experiment::id)
                .toList());
        List<Experiment> experiments = catalog.read(
                tx -> tx.experiments().search(search(List.of()).within(own)).items());
        assertThat(experiments).extracting(Experiment::name).containsExactly("Default", "Iris-1");
        assertThat(runs(search(all).within(own))).containsExactly("r1", "r3");
        assertThat(runs(search(all).within(Reach.NOTHING))).isEmpty();
        assertThat(runs(search(all))).hasSize(4);
    }

    private List<String> runs(Search search) {
        return catalog.read(
                tx -> tx.runs().search(search).items().stream().map(Run::id).toList());
    }

    private static void run(CatalogTransaction tx, String id, long experiment) {
        tx.runs()
                .insert(new Run(
                        id,
                        experiment,
                        id,
                        "",
                        RunStatus.RUNNING,
                        1,
                        OptionalLong.empty(),
                        "x:/" + id,
                        OptionalLong.empty()));
    }

    @Test
    void an_audit_entry_keeps_by_what_and_from_where_its_actor_was_verified() {
        Via via = new Via("ci-iris", "192.0.2.7");
        write(tx -> {
            tx.audit()
                    .append(
                            new Change(AT, "service:ci", true, "", via),
                            "publish",
                            "default/iris",
                            Json.object().put("a", 1));
            tx.audit().append(new Change(AT, "ann", false, ""), "publish", "default/iris", Json.object());
        });
        catalog.read(tx -> {
            var entries = tx.audit().list(Long.MAX_VALUE, 9, "default/iris");
            assertThat(entries.getLast().change().via()).isEqualTo(via);
            assertThat(Json.write(entries.getLast().detail())).isEqualTo("{\"a\":1}");
            assertThat(entries.getFirst().change().via()).isEqualTo(Via.NONE);
            return true;
        });
    }
}
