package io.modelward.pages.live;

/**
 * A part of a page that changes while it is looked at, such as the state of one rollout. What it shows is the same for
 * all who may see it.
 */
public interface LiveTopic {

    /** Whether the caller may see the part of this key now; asked each second, so it is quick. */
    boolean visible(String key);

    /**
     * The part as HTML, for a caller who may see it.
     *
     * @throws io.modelward.core.problem.ProblemException when there is no such thing any more
     */
    String render(String key);
}
