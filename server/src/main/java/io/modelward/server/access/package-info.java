/** Finds out who calls. */
@org.jspecify.annotations.NullMarked
package io.modelward.server.access;
