/** OpenID Connect: log-ins by an identity provider, and signed tokens of people and workloads. */
@org.jspecify.annotations.NullMarked
package io.modelward.access.oidc;
