/** Who somebody is, as an identity provider proves it. */
@org.jspecify.annotations.NullMarked
package io.modelward.access.identity;
