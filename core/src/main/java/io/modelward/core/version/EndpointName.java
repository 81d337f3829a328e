package io.modelward.core.version;

import java.util.Locale;

/** The name that callers send predictions to. Two names that differ in case only are one: compare {@link #key()}. */
public record EndpointName(String value) {

    public EndpointName {
        Name.check("endpoint", value);
    }

    public static EndpointName parse(String text) {
        return new EndpointName(text);
    }

    /** The same for all spellings of this name. */
    public String key() {
        return value.toLowerCase(Locale.ROOT);
    }

    /** The same for all names that people would take for this one. */
    public String skeleton() {
        return Skeleton.of(value);
    }

    @Override
    public String toString() {
        return value;
    }
}
