package io.modelward.core.audit;

/**
 * By what an actor proved who they are, and from where.
 *
 * @param credential the name of the token, or {@code session}, {@code jwt} or {@code certificate}; empty: nothing was
 *     proved
 * @param address of the caller, without a port; empty where it is not kept
 */
public record Via(String credential, String address) {

    /** The credential of whoever came with a signed token of a provider. */
    public static final String JWT = "jwt";

    /** Nothing was proved. */
    public static final Via NONE = new Via("", "");
}
