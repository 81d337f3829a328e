/** The page of the API, which is drawn from its description. */
package io.modelward.pages.apidocs;
