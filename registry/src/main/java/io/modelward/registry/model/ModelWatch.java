package io.modelward.registry.model;

/**
 * Is told after models or versions may have got another name or may have been deleted. An implementation reads the
 * catalog again: the change was committed or refused, or nobody knows which. An implementation throws nothing.
 */
@FunctionalInterface
public interface ModelWatch {

    /** Tells nobody. */
    ModelWatch NONE = () -> {};

    void changed();
}
