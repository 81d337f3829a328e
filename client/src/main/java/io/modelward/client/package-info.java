/** The Java client of the native API: small, and without any class of the server. */
@NullMarked
package io.modelward.client;

import org.jspecify.annotations.NullMarked;
