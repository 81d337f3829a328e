/** The parts that models of every runtime need while they serve: queue, deadlines, watchdog, self-test. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.serving;
