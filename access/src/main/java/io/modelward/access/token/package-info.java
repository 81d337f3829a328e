/** Tokens and sessions: made, found, ended. */
@org.jspecify.annotations.NullMarked
package io.modelward.access.token;
