/** The page that finds anything by its name or its id. */
package io.modelward.pages.find;
