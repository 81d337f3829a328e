/** The pages in a real browser: whoever may see them, whatever is written on them. */
@NullMarked
package io.modelward.browser;

import org.jspecify.annotations.NullMarked;
