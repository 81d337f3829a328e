package io.modelward.browser;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static io.modelward.browser.Person.within;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What people read, with the pointer: on a wide and on a narrow window, and without script. */
@Tag("process")
@ExtendWith(Shared.class)
class JourneysTest {

    static Stream<Look> looks() {
        return Stream.of(Look.LIGHT, Look.SMALL, Look.WITHOUT_SCRIPT);
    }

    @ParameterizedTest
    @MethodSource("looks")
    void a_model_is_found_by_typing(Look look, Shared shared) {
        try (Visit visit = shared.visit(shared.plain(), look)) {
            Person person = new Person(visit);
            person.open("/ui/");
            within(person.named(AriaRole.NAVIGATION, "Main"), AriaRole.LINK, "Models")
                    .click();
            assertThat(person.link("default/iris")).isVisible();
            person.field("Name or description").pressSequentially("score");
            if (!look.script()) {
                person.button("Search").click();
            }
            assertThat(person.link("default/iris")).isHidden();
            assertThat(visit.page()).hasURL(Pattern.compile("[?&]q=score"));
            person.link("fraud/score").click();
            assertThat(person.heading("fraud/score")).isVisible();
            person.had_no_trouble();
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void a_card_is_read_with_its_limitations(Look look, Shared shared) {
        try (Visit visit = shared.visit(shared.plain(), look)) {
            Person person = new Person(visit);
            person.open("/ui/models/default/iris");
            within(person.named(AriaRole.TABLE, "Versions, highest first"), AriaRole.LINK, "2.3.0")
                    .click();
            assertThat(person.heading("Limitations")).isVisible();
            assertThat(visit.page().getByText("other species are answered wrongly"))
                    .isVisible();
            assertThat(person.named(AriaRole.CELL, "versicolor")).isVisible();
            person.had_no_trouble();
        }
    }

    @ParameterizedTest
    @MethodSource("looks")
    void three_versions_are_compared(Look look, Shared shared) {
        try (Visit visit = shared.visit(shared.plain(), look)) {
            Person person = new Person(visit);
            person.open("/ui/models/default/iris");
            for (String version : new String[] {"1.2.0", "2.2.0", "2.3.0"}) {
                person.field("Compare " + version).check();
            }
            person.button(look.script() ? "Compare 3" : "Compare").click();
            comparesThree(person);
            person.had_no_trouble();
        }
    }

    /** The page compares the versions 1.2.0, 2.2.0 and 2.3.0. */
    static void comparesThree(Person person) {
        Locator metrics = person.named(AriaRole.REGION, "Metrics").last();
        for (String version : new String[] {"1.2.0", "2.2.0", "2.3.0"}) {
            assertThat(within(metrics, AriaRole.COLUMNHEADER, version)).isVisible();
        }
        assertThat(metrics.getByRole(AriaRole.COLUMNHEADER)).hasCount(4);
        // The change of the accuracy from the first version that is compared to the others.
        assertThat(metrics.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("accuracy")))
                .containsText(Pattern.compile("0\\.9\\d+"));
    }

    @ParameterizedTest
    @MethodSource("looks")
    void a_prediction_is_traced_from_its_id_and_its_bytes_are_verified(Look look, Shared shared) {
        try (Visit visit = shared.visit(shared.plain(), look)) {
            Person person = new Person(visit);
            Page page = person.open("/ui/");
            Locator find = person.field("Find a model, a version, an endpoint, a run or a prediction");
            find.fill(shared.plain().serving().prediction());
            find.press("Enter");
            tellsWho(page);
            person.link("Verify the stored bytes now").click();
            isIntact(page);
            person.had_no_trouble();
        }
    }

    static void tellsWho(Page page) {
        Locator heading = page.getByRole(AriaRole.HEADING, new Page.GetByRoleOptions().setLevel(1));
        assertThat(heading).hasText(Pattern.compile("iris 2\\.3\\.0 said this"));
    }

    static void isIntact(Page page) {
        assertThat(page.getByRole(AriaRole.STATUS)).containsText("All stored bytes were hashed now");
        assertThat(page.getByRole(AriaRole.ROW).filter(new Locator.FilterOptions().setHasText("model.joblib")))
                .containsText("intact");
    }

    @ParameterizedTest
    @MethodSource("looks")
    void the_best_of_ten_thousand_runs_is_found(Look look, Shared shared) {
        LargeExhibit large = shared.large();
        try (Visit visit = shared.visit(large.address(), look)) {
            Person person = new Person(visit);
            person.open("/ui/experiments");
            person.link("large").click();
            person.link("accuracy").click();
            isFirst(person, large);
            person.field("Filter").fill("params.depth = '6' AND metrics.accuracy > 0.9");
            if (!look.script()) {
                person.button("Search").click();
            }
            assertThat(visit.page()).hasURL(Pattern.compile("filter=params"));
            isFirst(person, large);
            runs(person).getByRole(AriaRole.LINK).first().click();
            assertThat(visit.page()).hasURL(Pattern.compile("/ui/runs/" + large.best()));
            person.had_no_trouble();
        }
    }

    /** The body of the table of runs. */
    static Locator runs(Person person) {
        return person.named(AriaRole.TABLE, "Runs of the experiment")
                .getByRole(AriaRole.ROWGROUP)
                .last();
    }

    static void isFirst(Person person, LargeExhibit large) {
        Locator head = person.named(AriaRole.TABLE, "Runs of the experiment")
                .getByRole(AriaRole.COLUMNHEADER)
                .filter(new Locator.FilterOptions().setHasText("accuracy"));
        assertThat(head).hasAttribute("aria-sort", "descending");
        Locator first = runs(person).getByRole(AriaRole.LINK).first();
        assertThat(first).hasAttribute("href", "/ui/runs/" + large.best());
        assertThat(runs(person).getByRole(AriaRole.ROW).first()).containsText("0.999");
    }
}
