/** How much endpoints were asked and how they answered, over the last day; for people who look, not for rollouts. */
package io.modelward.gateway.traffic;
