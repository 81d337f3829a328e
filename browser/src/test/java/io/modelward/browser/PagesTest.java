package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicContainer.dynamicContainer;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import com.microsoft.playwright.Page;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What holds for every page: in light and dark, on a wide and a narrow window, with and without script, and whatever is
 * written on the page.
 */
@Tag("process")
@ExtendWith(Shared.class)
class PagesTest {

    private static final Path SCREENSHOTS = Chromium.ROOT.resolve("build/screenshots");

    @TestFactory
    Stream<DynamicContainer> every_page_is_well_made(Shared shared) {
        return Stream.of(
                everyPage(shared, shared::plain, "", true), everyPage(shared, shared::hostile, ", hostile", false));
    }

    /** All pages, one after the other in one window, whose colours and width change while a page is open. */
    private static DynamicContainer everyPage(Shared shared, Supplier<Exhibit> exhibit, String kind, boolean kept) {
        Window window = new Window(shared, exhibit, Look.LIGHT);
        Stream<DynamicContainer> pages = Pages.ALL.stream().map(row -> {
            String name = row + kind;
            Stream<DynamicTest> tests = checks(shared, exhibit, row, kept).entrySet().stream()
                    .map(check -> dynamicTest(
                            name + ": " + check.getKey(), () -> check.getValue().accept(window.at(row))));
            return dynamicContainer(name, tests);
        });
        // JUnit closes the stream after the last page.
        return dynamicContainer("every page" + kind, pages.onClose(window::close));
    }

    private static Map<String, Consumer<Visit>> checks(
            Shared shared, Supplier<Exhibit> exhibit, PageRow row, boolean kept) {
        Map<String, Consumer<Visit>> checks = new LinkedHashMap<>();
        checks.put(
                "has one heading, a language and its title",
                visit -> PageRules.has_one_heading_a_language_and_its_title(
                        visit, row.title().apply(exhibit.get()) + Pages.PRODUCT));
        checks.put("does not scroll to the side", PageRules::does_not_scroll_to_the_side);
        checks.put("links run nothing", PageRules::links_run_nothing);
        checks.put("focus is seen", PageRules::focus_is_seen);
        if (kept) {
            checks.put("is kept as a picture", visit -> visit.screenshot(picture(row, Look.LIGHT)));
        }
        checks.put("nothing happened that must not", PageRules::nothing_happened_that_must_not);
        if (kept) {
            // What axe looks at is made by the same templates, whatever is written into them.
            checks.put("axe finds nothing", visit -> axeFindsNothing(shared, visit, List.of()));
            // Colours alone differ in the dark.
            checks.put(
                    "axe finds nothing in the dark",
                    visit -> as(visit, Look.DARK, () -> {
                        axeFindsNothing(shared, visit, List.of("color-contrast"));
                        visit.screenshot(picture(row, Look.DARK));
                    }));
        }
        checks.put(
                "does not scroll to the side on a narrow window",
                visit -> as(visit, Look.SMALL, () -> {
                    PageRules.does_not_scroll_to_the_side(visit);
                    if (kept) {
                        visit.screenshot(picture(row, Look.SMALL));
                    }
                }));
        return checks;
    }

    private static Path picture(PageRow row, Look look) {
        return SCREENSHOTS.resolve(row + "-" + look.word() + ".png");
    }

    private static void axeFindsNothing(Shared shared, Visit visit, List<String> rules) {
        assertThat(PageRules.violations(visit, shared.chromium().axe(), rules)).isEmpty();
    }

    /** Looks at the open page in another look for a while. */
    private static void as(Visit visit, Look look, Runnable check) {
        visit.become(look);
        try {
            check.run();
        } finally {
            visit.become(Look.LIGHT);
        }
    }

    @TestFactory
    DynamicContainer every_page_has_its_content_without_script(Shared shared) {
        Window with = new Window(shared, shared::plain, Look.LIGHT);
        Window without = new Window(shared, shared::plain, Look.WITHOUT_SCRIPT);
        Stream<DynamicTest> tests = Pages.ALL.stream()
                .map(row -> dynamicTest(row + " without script", () -> {
                    Page bare = without.at(row).page();
                    Page full = with.at(row).page();
                    assertThat(bare.locator("main").innerText()).isNotBlank();
                    assertThat(PageRules.headings(bare)).isEqualTo(PageRules.headings(full));
                    assertThat(PageRules.fields(bare)).isEqualTo(PageRules.fields(full));
                }));
        return dynamicContainer("without script", tests.onClose(with::close).onClose(without::close));
    }

    @Test
    void titles_and_names_are_unique(Shared shared) {
        Set<String> seen = new HashSet<>();
        for (PageRow row : Pages.ALL) {
            assertThat(seen.add(row.name())).as(row.name()).isTrue();
            assertThat(seen.add(row.title().apply(shared.plain())))
                    .as("title of " + row)
                    .isTrue();
        }
    }

    @Test
    void every_page_is_in_the_table_and_every_row_of_the_table_is_a_page(Shared shared) {
        Set<String> rows = new HashSet<>();
        Pages.ALL.forEach(row -> rows.add(row.template()));
        Set<String> looks = shared.plain().looks();
        assertThat(looks).containsAll(rows).containsAll(Pages.NO_PAGES.keySet());
        assertThat(looks.stream()
                        .filter(Pages::isForPeople)
                        .filter(template -> !rows.contains(template) && !Pages.NO_PAGES.containsKey(template)))
                .as("routes that are neither in Pages.ALL nor in Pages.NO_PAGES")
                .isEmpty();
    }
}
