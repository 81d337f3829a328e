package io.modelward.pages.frame;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What stands around the content of a page.
 *
 * @param title of the page, unique among all pages; user text may stand in it
 * @param sections those that the navigation offers to the caller
 * @param webhooks whether the caller may look at webhooks
 * @param caller the name of who looks, where access control is on and the caller is known
 * @param accessOn whether access control is on, so that people log in and out
 * @param address the path and query of the page
 * @param now the moment that times are told from
 */
public record Frame(
        String title,
        Section section,
        List<Section> sections,
        boolean webhooks,
        Optional<String> caller,
        boolean accessOn,
        String address,
        Instant now,
        Assets assets,
        String release) {

    /** The first page that the caller may look at. */
    public String home() {
        return !sections.isEmpty() ? sections.getFirst().address() : caller.isPresent() ? "/ui/account" : "/ui/";
    }
}
