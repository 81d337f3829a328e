/** The page of the audit log. */
package io.modelward.pages.audit;
