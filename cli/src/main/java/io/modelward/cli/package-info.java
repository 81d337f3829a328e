/** The command line: one command per class, over the client of the native API. */
@NullMarked
package io.modelward.cli;

import org.jspecify.annotations.NullMarked;
