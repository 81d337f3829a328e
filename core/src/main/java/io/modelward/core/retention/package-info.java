/** How long versions are kept: rules, and the plan that says which version stays and why. */
@org.jspecify.annotations.NullMarked
package io.modelward.core.retention;
