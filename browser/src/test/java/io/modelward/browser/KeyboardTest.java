package io.modelward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The keys that all pages know. */
@Tag("process")
@ExtendWith(Shared.class)
class KeyboardTest {

    private Visit visit;
    private Page page;

    @BeforeEach
    void open(Shared shared) {
        visit = shared.visit(shared.plain(), Look.LIGHT);
        page = visit.open("/ui/");
    }

    @AfterEach
    void close() {
        visit.close();
    }

    private Locator named(AriaRole role, String name) {
        return page.getByRole(role, new Page.GetByRoleOptions().setName(name).setExact(true));
    }

    private void press(String... keys) {
        for (String key : keys) {
            page.keyboard().press(key);
        }
    }

    @Test
    void the_first_link_leads_past_the_navigation() {
        press("Tab");
        Locator skip = named(AriaRole.LINK, "Skip to the content");
        assertThat(skip).isFocused();
        assertThat(skip).isInViewport();
        press("Enter");
        assertThat(page.getByRole(AriaRole.MAIN)).isFocused();
    }

    @Test
    void a_slash_goes_to_the_search_and_escape_leaves_it() {
        press("/");
        Locator search = page.getByRole(AriaRole.SEARCHBOX).first();
        assertThat(search).isFocused();
        press("i", "/", "?");
        assertThat(search).hasValue("i/?");
        press("Escape");
        assertThat(search).not().isFocused();
    }

    @Test
    void a_question_mark_shows_the_keys_and_escape_closes_them() {
        Locator keys = named(AriaRole.DIALOG, "Keys");
        assertThat(keys).isHidden();
        press("?");
        assertThat(keys).isVisible();
        press("Escape");
        assertThat(keys).isHidden();
        named(AriaRole.BUTTON, "Keys").focus();
        press("Enter");
        assertThat(keys).isVisible();
    }

    @Test
    void arrows_go_through_a_list() {
        press("ArrowDown");
        assertThat(named(AriaRole.LINK, ExhibitServing.ENDPOINT)).isFocused();
        press("ArrowDown");
        assertThat(named(AriaRole.LINK, ExhibitServing.HELD)).isFocused();
        press("ArrowUp");
        assertThat(named(AriaRole.LINK, ExhibitServing.ENDPOINT)).isFocused();
    }
}
