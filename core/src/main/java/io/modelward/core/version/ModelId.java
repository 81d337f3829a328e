package io.modelward.core.version;

/**
 * The identity of a model beneath its name. A model may be renamed, and once it is deleted its name may be used anew:
 * what has to find the very model again, such as a route or a trace, keeps this number.
 */
public record ModelId(long value) {

    /** Of what was written before models had identities: there the name says which model is meant. */
    public static final ModelId UNKNOWN = new ModelId(0);

    public boolean known() {
        return value != 0;
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
