package io.modelward.client;

import java.time.Instant;
import java.util.Optional;

/**
 * Which entries of the audit log are asked for; what is empty does not matter.
 *
 * @param subject a model, {@code model@version} or {@code endpoint:name}
 * @param by who acted
 * @param action an action such as {@code endpoint.flip}, or its first part
 * @param since the earliest time
 * @param until the time before which the entries were made
 */
public record AuditCall(
        Optional<String> subject,
        Optional<String> by,
        Optional<String> action,
        Optional<Instant> since,
        Optional<Instant> until) {

    /** All entries. */
    public static AuditCall all() {
        return new AuditCall(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    Address on(Address address) {
        subject.ifPresent(text -> address.query("subject", text));
        by.ifPresent(text -> address.query("by", text));
        action.ifPresent(text -> address.query("action", text));
        since.ifPresent(time -> address.query("since", time.toString()));
        until.ifPresent(time -> address.query("until", time.toString()));
        return address;
    }
}
