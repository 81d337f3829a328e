package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import java.util.ArrayList;
import java.util.List;

/** What holds for each page that is open. */
final class PageRules {

    private static final String SCHEMES = """
            () => [...document.querySelectorAll('[href],[src],[action],[formaction]')]
              .flatMap(element => ['href', 'src', 'action', 'formaction'].map(name => element.getAttribute(name)))
              .filter(address => address !== null)
              .filter(address => !['http:', 'https:', 'mailto:'].includes(new URL(address, location.href).protocol))
              .filter(address => !address.startsWith('data:image/'))""";

    private static final String WIDE_ELEMENTS = """
            () => [...document.body.querySelectorAll('*')]
              .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
              .slice(0, 5)
              .map(element => element.outerHTML.slice(0, 120))""";

    private static final String AXE = """
            rules => axe.run(document, {resultTypes: ['violations'], ...(rules ? {runOnly: rules} : {})}).then(result => result.violations.flatMap(violation =>
              violation.nodes.map(node => violation.id + ': ' + violation.help + ': ' + node.html.slice(0, 200) + ' '
                + (node.any[0] || node.all[0] || node.none[0] || {message: ''}).message)))""";

    /** Elements that the keyboard reaches and that look the same with and without the focus. */
    private static final String UNSEEN_FOCUS = """
            () => [...document.querySelectorAll('a[href],button,input,select,textarea,summary,[tabindex="0"]')]
              .filter(element => !element.disabled && element.type !== 'hidden' && element.checkVisibility())
              .filter(element => {
                const look = () => ['outlineStyle', 'outlineWidth', 'boxShadow', 'borderColor']
                  .map(name => getComputedStyle(element)[name]).join();
                document.activeElement.blur();
                const before = look();
                element.focus();
                return document.activeElement !== element || look() === before;
              })
              .slice(0, 5)
              .map(element => element.outerHTML.slice(0, 120))""";

    private PageRules() {}

    static void nothing_happened_that_must_not(Visit visit) {
        assertThat(visit.trouble()).isEmpty();
    }

    static void has_one_heading_a_language_and_its_title(Visit visit, String title) {
        Page page = visit.page();
        assertThat(page.locator("h1").count()).as("headings of the first level").isEqualTo(1);
        assertThat(page.locator("h1").innerText()).isNotBlank();
        assertThat(page.locator("html").getAttribute("lang")).isEqualTo("en");
        assertThat(page.locator("main").count()).as("main parts").isEqualTo(1);
        // A browser tells a title with one space for each piece of white space.
        assertThat(page.title())
                .isEqualTo(title.replaceAll("[\\t\\n\\f\\r ]+", " ").strip());
    }

    static void links_run_nothing(Visit visit) {
        assertThat((List<?>) visit.page().evaluate(SCHEMES)).isEmpty();
    }

    /** The whole page is never wider than its window; a wide table scrolls within the page. */
    static void does_not_scroll_to_the_side(Visit visit) {
        assertThat(overflow(visit.page()))
                .as(visit.page().evaluate(WIDE_ELEMENTS).toString())
                .isLessThanOrEqualTo(0);
    }

    /** A person with a keyboard sees where they are. */
    static void focus_is_seen(Visit visit) {
        // After a key, a focus that a script sets is shown as one that the keyboard set.
        visit.page().keyboard().press("Tab");
        assertThat((List<?>) visit.page().evaluate(UNSEEN_FOCUS)).isEmpty();
    }

    private static int overflow(Page page) {
        Number over = (Number) page.evaluate("() => document.scrollingElement.scrollWidth - window.innerWidth");
        return over.intValue();
    }

    /** What axe-core finds; each line names the rule and the element. */
    static List<String> violations(Visit visit, String axe) {
        return violations(visit, axe, List.of());
    }

    /** As above, of some rules of axe-core; all when none is named. */
    static List<String> violations(Visit visit, String axe, List<String> rules) {
        Page page = visit.page();
        page.evaluate(axe);
        List<String> found = new ArrayList<>();
        ((List<?>) page.evaluate(AXE, rules.isEmpty() ? null : rules)).forEach(line -> found.add(String.valueOf(line)));
        return found;
    }

    static List<String> headings(Page page) {
        return page.locator("main").locator("h1, h2, h3").allInnerTexts();
    }

    /** Which values of the API are on the page, whatever they are. */
    static List<String> fields(Page page) {
        return Marked.on(page).stream()
                .map(one -> one.source() + " " + one.pointer())
                .toList();
    }
}
