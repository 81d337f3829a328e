/** The page of a rollout: whether the new version is safe. */
package io.modelward.pages.rollout;
