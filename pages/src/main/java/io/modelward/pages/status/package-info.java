/** The page of how the server is, and the verification of all that is stored. */
package io.modelward.pages.status;
