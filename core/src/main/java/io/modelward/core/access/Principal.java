package io.modelward.core.access;

/**
 * Who asks.
 *
 * @param name as the caller gave it; whoever writes it down checks it first
 * @param proven whether it is known to be true; else it is a claim
 */
public record Principal(String name, boolean proven) {

    /** The server itself, in its own work. */
    public static final Principal SERVER = new Principal("modelward", true);

    /** Someone who does not say who they are. */
    public static final Principal ANONYMOUS = claimed("anonymous");

    /** Someone who says that this is their name. */
    public static Principal claimed(String name) {
        return new Principal(name, false);
    }
}
