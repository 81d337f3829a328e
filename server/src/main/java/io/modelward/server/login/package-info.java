/** Where people and programs log in by an identity provider. */
@org.jspecify.annotations.NullMarked
package io.modelward.server.login;
