package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;

/** What a person does on a page: finds parts by what they are and how they are called, and presses keys. */
final class Person {

    /** How long a person waits for what has to come; a machine that is busy needs some of that. */
    private static final int PATIENCE = 30_000;
    /** No page has as many parts that the keyboard reaches before the part that one wants. */
    private static final int MOST_TABS = 200;

    private final Visit visit;
    private final Page page;

    Person(Visit visit) {
        this.visit = visit;
        this.page = visit.page();
        page.setDefaultTimeout(PATIENCE);
        PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE);
    }

    Page open(String path) {
        return visit.open(path);
    }

    Locator named(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    /** A part of the page within another part. */
    static Locator within(Locator part, AriaRole role, String name) {
        return part.getByRole(role, new Locator.GetByRoleOptions().setName(name).setExact(true));
    }

    Locator heading(String text) {
        return named(AriaRole.HEADING, text);
    }

    Locator link(String text) {
        return named(AriaRole.LINK, text);
    }

    Locator button(String text) {
        return named(AriaRole.BUTTON, text);
    }

    Locator field(String label) {
        return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
    }

    void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    void type(String text) {
        page.keyboard().type(text);
    }

    /** Presses a key, such as Tab, until a part has the focus. */
    void reach(Locator part, String key) {
        PlaywrightAssertions.assertThat(part).isVisible();
        for (int turn = 0; turn < MOST_TABS; turn++) {
            press(key);
            if (Boolean.TRUE.equals(part.evaluate("element => element === document.activeElement"))) {
                return;
            }
        }
        throw new AssertionError(key + " does not reach " + part);
    }

    /** Nothing happened that must not: no report of a policy, no error of a script, no dialog. */
    void had_no_trouble() {
        assertThat(visit.trouble()).isEmpty();
    }

    /** As {@link #had_no_trouble}, where forms were refused with this status. */
    void had_no_trouble_but(int status) {
        assertThat(visit.trouble())
                .filteredOn(line -> !line.startsWith("answer " + status + ":"))
                .isEmpty();
    }
}
