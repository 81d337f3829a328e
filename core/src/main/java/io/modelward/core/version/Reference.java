package io.modelward.core.version;

/**
 * A version of a model as callers write it: {@code [namespace/]name[@selector]}, where no selector means
 * {@code latest}.
 */
public record Reference(ModelName model, Selector selector) {

    public static Reference parse(String text) {
        int at = text.indexOf('@');
        return at < 0
                ? new Reference(ModelName.parse(text), new Selector.Latest())
                : new Reference(ModelName.parse(text.substring(0, at)), Selector.parse(text.substring(at + 1)));
    }

    @Override
    public String toString() {
        return model + "@" + selector;
    }
}
