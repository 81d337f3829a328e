package io.modelward.core.memory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.modelward.core.problem.ProblemException;
import io.modelward.core.problem.ProblemType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private static final int SIZE = 1000;

    private final List<String> warnings = new ArrayList<>();
    private final MemoryBudget budget = new MemoryBudget(warnings::add);
    private final MemoryShare share = budget.share("documents", SIZE);

    @Test
    void many_threads_never_hold_more_than_the_share_and_leave_nothing_behind() throws Exception {
        MemoryBudget quiet = new MemoryBudget(words -> {});
        MemoryShare shared = quiet.share("shared", SIZE);
        AtomicLong held = new AtomicLong();
        AtomicLong most = new AtomicLong();
        AtomicLong refused = new AtomicLong();
        List<Throwable> wrong = new ArrayList<>();
        CountDownLatch done = new CountDownLatch(8);
        for (int thread = 0; thread < 8; thread++) {
            Random random = new Random(thread);
            Thread.ofPlatform().start(() -> {
                try {
                    for (int round = 0; round < 2000; round++) {
                        hold(shared.open("a request"), random, held, most, refused);
                    }
                } catch (Throwable failure) {
                    synchronized (wrong) {
                        wrong.add(failure);
                    }
                } finally {
                    done.countDown();
                }
            });
        }
        done.await();
        assertThat(wrong).isEmpty();
        assertThat(most.get()).isLessThanOrEqualTo(SIZE).isGreaterThan(SIZE / 2);
        assertThat(refused.get()).isPositive().isEqualTo(shared.refused());
        assertThat(shared.used()).isZero();
        assertThat(shared.holders()).isEmpty();
    }

    /** Counts what it holds in books of its own: after the budget gave it, and before it is given back. */
    private static void hold(
            Reservation reservation, Random random, AtomicLong held, AtomicLong most, AtomicLong refused) {
        long mine = 0;
        try {
            for (int step = 0; step < 5; step++) {
                int more = 1 + random.nextInt(150);
                reservation.grow(more);
                mine += more;
                most.accumulateAndGet(held.addAndGet(more), Math::max);
                if (random.nextInt(4) == 0) {
                    held.addAndGet(-more);
                    mine -= more;
                    reservation.shrink(more);
                }
            }
        } catch (ProblemException full) {
            assertThat(full.problem().type()).isEqualTo(ProblemType.OVERLOADED);
            refused.incrementAndGet();
        } finally {
            held.addAndGet(-mine);
            reservation.close();
        }
    }

    @Test
    void what_one_request_alone_cannot_have_is_too_large_and_what_others_hold_is_overload() {
        Reservation one = share.open("one");
        Reservation two = share.open("two");
        one.grow(600);
        assertType(() -> two.grow(SIZE + 1), ProblemType.TOO_LARGE);
        assertType(() -> two.grow(600), ProblemType.OVERLOADED);
        assertType(() -> two.expect(600), ProblemType.OVERLOADED);
        two.expect(400);
        assertThat(two.bytes()).isZero();
        one.close();
        two.grow(600);
        assertThat(share.used()).isEqualTo(600);
    }

    private static void assertType(Runnable asked, ProblemType type) {
        assertThatThrownBy(asked::run)
                .isInstanceOfSatisfying(
                        ProblemException.class,
                        failure -> assertThat(failure.problem().type()).isEqualTo(type));
    }

    @Test
    void a_reservation_that_was_closed_takes_nothing_any_more() {
        Reservation late = share.open("late");
        late.grow(10);
        late.close();
        late.close();
        assertType(() -> late.grow(10), ProblemType.UNAVAILABLE);
        late.shrink(10);
        assertThat(share.used()).isZero();
    }

    @Test
    void a_full_share_leaves_the_others_alone() {
        MemoryShare other = budget.share("predictions", 10);
        share.open("flood").grow(SIZE);
        other.open("a small one").grow(10);
        assertThat(other.used()).isEqualTo(10);
    }

    @Test
    void the_largest_holders_are_named_once_when_a_share_fills_and_again_after_it_was_empty() {
        Reservation small = share.open("POST /small");
        Reservation large = share.open("POST /large");
        small.grow(100);
        large.grow(690);
        assertThat(warnings).isEmpty();
        large.grow(20);
        small.grow(10);
        assertThat(warnings).singleElement().asString().containsSubsequence("documents", "POST /large", "POST /small");
        large.close();
        share.open("again").grow(800);
        assertThat(warnings).hasSize(2);
    }
}
