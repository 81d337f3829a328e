/**
 * Whether a candidate is worse than what serves: sequential tests on four counters per tick, valid however often they
 * are looked at.
 *
 * <p>They need, from whoever counts: each request is assigned to an arm at random with the tick's logged split; what is
 * eligible is decided before the assignment (no pinned, shadow or probing requests); a tick is counted when all its
 * requests have an outcome or ran out of time, and each counts once, for the arm it was assigned to. With sticky keys
 * only the first request of a key is eligible.
 */
@NullMarked
package io.modelward.core.evidence;

import org.jspecify.annotations.NullMarked;
