/** The pages of endpoints: what answers, and how well. */
package io.modelward.pages.endpoint;
