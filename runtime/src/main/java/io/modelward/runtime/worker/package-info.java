/** Worker processes, and the frames they are asked by. */
@org.jspecify.annotations.NullMarked
package io.modelward.runtime.worker;
