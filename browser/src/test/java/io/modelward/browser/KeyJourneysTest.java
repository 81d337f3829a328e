package io.modelward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelward.browser.Person.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What people read, with the keyboard only: no test clicks, fills or focuses anything. */
@Tag("process")
@ExtendWith(Shared.class)
class KeyJourneysTest {

    private @Nullable Visit visit;

    private Person at(Visit opened) {
        visit = opened;
        return new Person(opened);
    }

    @AfterEach
    void close() {
        if (visit != null) {
            visit.close();
        }
    }

    @Test
    void a_model_is_found_and_its_card_is_read(Shared shared) {
        Person person = at(shared.visit(shared.plain(), Look.LIGHT));
        Page page = person.open("/ui/models");
        person.press("/");
        person.type("score-eu");
        assertThat(person.link("fraud/score")).isHidden();
        person.press("Escape", "ArrowDown");
        assertThat(person.link("fraud/score-eu")).isFocused();
        person.press("Enter");
        assertThat(person.heading("fraud/score-eu")).isVisible();
        Locator version = within(person.named(AriaRole.TABLE, "Versions, highest first"), AriaRole.LINK, "1.0.0");
        person.press("ArrowDown");
        assertThat(version).isFocused();
        person.press("Enter");
        assertThat(person.heading("Limitations")).isVisible();
        assertThat(page.getByText("other species are answered wrongly")).isVisible();
        person.had_no_trouble();
    }

    @Test
    void three_versions_are_compared(Shared shared) {
        Person person = at(shared.visit(shared.plain(), Look.LIGHT));
        person.open("/ui/models/default/iris");
        Locator versions = person.named(AriaRole.TABLE, "Versions, highest first");
        for (String version : new String[] {"2.3.0", "2.2.0", "1.2.0"}) {
            Locator link = within(versions, AriaRole.LINK, version);
            person.reach(link, "ArrowDown");
            person.press("Space");
            assertThat(person.field("Compare " + version)).isChecked();
        }
        person.reach(person.button("Compare 3"), "Shift+Tab");
        person.press("Enter");
        JourneysTest.comparesThree(person);
        person.had_no_trouble();
    }

    @Test
    void a_prediction_is_traced_and_verified(Shared shared) {
        Person person = at(shared.visit(shared.plain(), Look.LIGHT));
        Page page = person.open("/ui/");
        person.press("/");
        person.type(shared.plain().serving().prediction());
        person.press("Enter");
        JourneysTest.tellsWho(page);
        person.reach(person.link("Verify the stored bytes now"), "Tab");
        person.press("Enter");
        JourneysTest.isIntact(page);
        person.had_no_trouble();
    }

    @Test
    void the_best_of_ten_thousand_runs_is_found(Shared shared) {
        LargeExhibit large = shared.large();
        Person person = at(shared.visit(large.address(), Look.LIGHT));
        Page page = person.open("/ui/experiments/" + large.experiment());
        person.reach(person.link("accuracy"), "Tab");
        person.press("Enter");
        JourneysTest.isFirst(person, large);
        person.press("/");
        person.type("params.depth = '6'");
        assertThat(page).hasURL(Pattern.compile("filter=params"));
        JourneysTest.isFirst(person, large);
        person.press("Escape", "ArrowDown", "Enter");
        assertThat(page).hasURL(Pattern.compile("/ui/runs/" + large.best()));
        person.had_no_trouble();
    }
}
