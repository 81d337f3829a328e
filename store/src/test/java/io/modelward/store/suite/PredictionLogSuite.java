package io.modelward.store.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.modelward.core.digest.Digest;
import io.modelward.core.prediction.DecisionRecord;
import io.modelward.core.prediction.PredictionId;
import io.modelward.core.prediction.PredictionLogStatus;
import io.modelward.core.prediction.RecordPlace;
import io.modelward.store.prediction.PredictionLog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/** What every prediction log does. */
public abstract class PredictionLogSuite {

    /** Opens the log in the same place each time. */
    protected abstract PredictionLog open() throws IOException;

    protected static DecisionRecord record(int seed) {
        return new DecisionRecord(
                Instant.ofEpochSecond(1_700_000_000L + seed, 123_456_000),
                seed % 7 + 1,
                seed,
                (byte) (seed % 3),
                (byte) 1,
                seed % 2 == 0 ? 200 : 504,
                seed * 31L,
                seed % 100,
                digest("digest" + seed),
                digest("input" + seed),
                seed % 2 == 0 ? Optional.of(digest("output" + seed)) : Optional.empty());
    }

    private static Digest digest(String text) {
        return Digest.of(text.getBytes(StandardCharsets.UTF_8));
    }

    protected static PredictionId write(PredictionLog log, int seed) {
        PredictionLog.Claim claim = log.claim();
        assertThat(claim.kept()).isTrue();
        claim.write(record(seed));
        return claim.id();
    }

    @Test
    void a_record_is_found_by_its_id_at_once_and_after_a_restart() throws IOException {
        Map<PredictionId, DecisionRecord> written = new HashMap<>();
        try (PredictionLog log = open()) {
            for (int i = 0; i < 500; i++) {
                written.put(write(log, i), record(i));
            }
            written.forEach((id, record) -> assertThat(log.find(id).record()).contains(record));
        }
        try (PredictionLog log = open()) {
            written.forEach((id, record) -> assertThat(log.find(id).record()).contains(record));
        }
    }

    @Test
    void an_id_that_was_never_given_finds_nothing() throws IOException {
        try (PredictionLog log = open()) {
            PredictionId id = write(log, 1);
            assertThat(log.find(new PredictionId(id.high(), id.low() ^ 1)).record())
                    .isEmpty();
            assertThat(log.find(new PredictionId(id.high() ^ (1L << 20), id.low()))
                            .record())
                    .isEmpty();
            assertThat(log.find(new PredictionId(id.high(), -1L >>> 1 | 1L << 63))
                            .record())
                    .isEmpty();
        }
    }

    @Test
    void a_claim_that_is_not_written_finds_nothing() throws IOException {
        try (PredictionLog log = open()) {
            PredictionId id = log.claim().id();
            assertThat(log.find(id).record()).isEmpty();
        }
    }

    /** All that look after look finds, with so many records at most in each. */
    private static List<PredictionLog.KeptRecord> looked(PredictionLog log, PredictionLog.RecordQuery query, int most) {
        List<PredictionLog.KeptRecord> found = new ArrayList<>();
        Optional<RecordPlace> before = Optional.empty();
        do {
            PredictionLog.Look look = log.look(before, query, most);
            assertThat(look.found()).hasSizeLessThanOrEqualTo(most);
            found.addAll(look.found());
            before = look.next();
        } while (before.isPresent());
        return found;
    }

    private static PredictionLog.RecordQuery between(int from, int to) {
        return new PredictionLog.RecordQuery(record(from).time(), record(to).time(), record -> true);
    }

    private static List<PredictionLog.KeptRecord> expected(List<PredictionId> ids, int from, int to) {
        List<PredictionLog.KeptRecord> expected = new ArrayList<>();
        for (int i = to - 1; i >= from; i--) {
            expected.add(new PredictionLog.KeptRecord(ids.get(i), record(i)));
        }
        return expected;
    }

    @Test
    void records_are_listed_the_newest_first_by_time_and_by_what_they_hold_also_after_a_restart() throws IOException {
        List<PredictionId> ids = new ArrayList<>();
        for (int start = 0; start < 3; start++) {
            try (PredictionLog log = open()) {
                for (int i = 0; i < 400; i++) {
                    ids.add(write(log, ids.size()));
                }
                log.claim();
                for (int most : new int[] {1000, 7}) {
                    int all = ids.size();
                    assertThat(looked(log, between(0, all), most)).isEqualTo(expected(ids, 0, all));
                    assertThat(looked(log, between(all / 3, all / 2), most)).isEqualTo(expected(ids, all / 3, all / 2));
                    assertThat(looked(log, between(all, all + 500), most)).isEmpty();
                    PredictionLog.RecordQuery failed =
                            new PredictionLog.RecordQuery(Instant.EPOCH, Instant.MAX, record -> record.status() == 504);
                    assertThat(looked(log, failed, most))
                            .isEqualTo(expected(ids, 0, all).stream()
                                    .filter(kept -> kept.record().status() == 504)
                                    .toList());
                }
            }
        }
    }

    @Test
    void ids_are_unique_and_read_back_from_their_text() throws IOException {
        try (PredictionLog log = open()) {
            Map<String, PredictionId> ids = new HashMap<>();
            for (int i = 0; i < 2000; i++) {
                PredictionId id = write(log, i);
                ids.put(id.toString(), id);
            }
            assertThat(ids).hasSize(2000);
            ids.forEach((text, id) -> assertThat(PredictionId.parse(text)).contains(id));
            assertThat(PredictionId.parse("not-an-id")).isEmpty();
            assertThat(PredictionId.parse("01a20de7-cbc0-44d4-8000-000400000665"))
                    .isEmpty();
        }
    }

    @Test
    void many_threads_never_share_a_place() throws Exception {
        Map<PredictionId, DecisionRecord> written = new ConcurrentHashMap<>();
        try (PredictionLog log = open()) {
            int threads = 8;
            CountDownLatch done = new CountDownLatch(threads);
            for (int thread = 0; thread < threads; thread++) {
                int first = thread * 10_000;
                Thread.ofPlatform().start(() -> {
                    for (int i = 0; i < 3000; i++) {
                        PredictionLog.Claim claim = log.claim();
                        if (claim.kept()) {
                            claim.write(record(first + i));
                            written.put(claim.id(), record(first + i));
                        }
                    }
                    done.countDown();
                });
            }
            done.await();
            PredictionLogStatus stats = log.status();
            assertThat(stats.kept()).isEqualTo(written.size());
            assertThat(stats.kept() + stats.lost()).isEqualTo(threads * 3000L);
            written.forEach((id, record) -> assertThat(log.find(id).record()).contains(record));
        }
    }
}
