/** Hands mails to a mail server over SMTP. */
@org.jspecify.annotations.NullMarked
package io.modelward.server.mail;
