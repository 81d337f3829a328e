package io.modelward.core.access;

import io.modelward.core.audit.Via;
import java.util.Set;

/**
 * Who asks.
 *
 * @param name as the caller gave it, checked by whoever writes it down; when proven, the text of a {@link Subject}
 * @param proven whether it is known to be true; else it is a claim
 * @param via by what it was proved
 * @param credential the id of the token or session that was used, which is looked up at each question; empty: none
 * @param groups the groups that the caller's own proof names; those that a provider told at a log-in are looked up
 */
public record Principal(String name, boolean proven, Via via, String credential, Set<String> groups) {

    /** The server itself, in its own work. */
    public static final Principal SERVER = new Principal("modelward", true, Via.NONE, "", Set.of());

    /** Someone who does not say who they are. */
    public static final Principal ANONYMOUS = claimed("anonymous");

    /** Someone who says that this is their name. */
    public static Principal claimed(String name) {
        return new Principal(name, false, Via.NONE, "", Set.of());
    }
}
