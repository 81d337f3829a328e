/** Grants and users: given, taken away, explained. */
@org.jspecify.annotations.NullMarked
package io.modelward.access.grant;
