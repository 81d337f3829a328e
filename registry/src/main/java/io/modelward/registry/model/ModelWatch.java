package io.modelward.registry.model;

/**
 * Is told after models or versions may have got another name or may have been deleted. Who is told looks at the catalog
 * again: the change is committed by then, or was refused, or nobody knows. An implementation throws nothing.
 */
@FunctionalInterface
public interface ModelWatch {

    /** Tells nobody. */
    ModelWatch NONE = () -> {};

    void changed();
}
