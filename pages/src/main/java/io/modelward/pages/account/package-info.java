/** The pages of the caller and their tokens, of grants and users, and of webhooks. */
package io.modelward.pages.account;
