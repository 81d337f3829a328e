package io.modelward.browser;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rules for pages find what breaks them, and let a good page pass. */
@Tag("process")
@ExtendWith(Shared.class)
class PageRulesTest {

    private static BadPages pages;
    private static Visit visit;

    @BeforeAll
    static void start(Shared shared) throws IOException {
        pages = new BadPages();
        visit = new Visit(shared.chromium(), pages.address(), Look.SMALL);
    }

    @AfterAll
    static void stop() {
        if (visit != null) {
            visit.close();
        }
        pages.close();
    }

    private static void guarded(String content) {
        visit.open(pages.guarded(content));
    }

    private static void unguarded(String content) {
        visit.open(pages.unguarded(content));
    }

    /** Whatever a test left is not the next one's. */
    @AfterEach
    void forget() {
        visit.trouble();
    }

    @Test
    void a_good_page_breaks_no_rule(Shared shared) {
        guarded("<p>A text with <a href=\"/x\">a link</a>.</p>");
        PageRules.has_one_heading_a_language_and_its_title(visit, "A page");
        PageRules.links_run_nothing(visit);
        PageRules.does_not_scroll_to_the_side(visit);
        PageRules.focus_is_seen(visit);
        assertThat(PageRules.violations(visit, shared.chromium().axe())).isEmpty();
        assertThat(visit.trouble()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "CSP: script-src | <script>1</script>",
                "CSP: style-src | <p style='color: red'>text</p>",
                "CSP: img-src | <img src='http://127.0.0.1:1/x.png' alt='x'>",
                "CSP: base-uri | <base href='https://evil.example/'>"
            })
    void what_the_policy_refuses_is_found(String found, String content) {
        guarded(content);
        assertThat(visit.trouble()).anyMatch(line -> line.startsWith(found));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "a hostile script ran: 7 | <script>window.ranHostile = 7</script>",
                "dialog: hello | <script>alert('hello')</script>",
                "console: wrong | <script>console.error('wrong')</script>",
                "error in a script: | <script>nothing.there()</script>",
                "request to elsewhere: http://127.0.0.1:1/ | <img src='http://127.0.0.1:1/x.png' alt='x'>",
                "answer 404: | <img src='/none.png' alt='x'>",
                "window: | <script>window.open('/none')</script>"
            })
    void what_must_not_happen_is_found(String found, String content) {
        unguarded(content);
        assertThat(visit.trouble()).anyMatch(line -> line.startsWith(found));
    }

    @Test
    void a_page_that_is_wider_than_its_window_is_found() {
        guarded("<p>" + "W".repeat(400) + "</p>");
        assertThatThrownBy(() -> PageRules.does_not_scroll_to_the_side(visit)).isInstanceOf(AssertionError.class);
    }

    @ParameterizedTest
    @CsvSource({"javascript:alert(1)", "data:text/html;x", "vbscript:x", " JavaScript:alert(1)"})
    void a_link_that_runs_something_is_found(String address) {
        guarded("<a href=\"" + address + "\">a link</a>");
        assertThatThrownBy(() -> PageRules.links_run_nothing(visit)).hasMessageContaining(address.strip());
    }

    @Test
    void a_focus_that_nobody_sees_is_found() {
        unguarded("<style>a { outline: none }</style><a href=\"/x\">a link</a>");
        assertThatThrownBy(() -> PageRules.focus_is_seen(visit)).hasMessageContaining("a link");
    }

    @Test
    void a_second_heading_and_another_title_are_found() {
        guarded("<h1>Another</h1>");
        assertThatThrownBy(() -> PageRules.has_one_heading_a_language_and_its_title(visit, "A page"))
                .hasMessageContaining("headings of the first level");
        guarded("");
        assertThatThrownBy(() -> PageRules.has_one_heading_a_language_and_its_title(visit, "A better page"))
                .hasMessageContaining("A better page");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "image-alt | <img src='data:image/png;base64,'>",
                "color-contrast | <style>p { color: #bbb; background: #fff }</style><p>pale</p>",
                "label | <input type='text'>",
                "button-name | <button></button>",
                "region | </main><p>outside of all parts</p><main hidden>"
            })
    void what_readers_of_screens_meet_is_found(String rule, String content, Shared shared) {
        unguarded(content);
        assertThat(PageRules.violations(visit, shared.chromium().axe())).anyMatch(line -> line.startsWith(rule));
    }

    @Test
    void a_value_that_differs_from_the_api_is_found(Shared shared) throws Exception {
        Exhibit exhibit = shared.plain();
        String model = ExhibitModels.address(exhibit.models().iris());
        String content = """
                <section data-source="%s">
                <p data-field="/name"> iris </p><data data-field="/versions" value="17.0">17 versions</data>
                <b data-field="/name">lily</b><b data-field="/versions">16</b><b data-field="/none">x</b>
                <time data-field="/created_at" datetime="2001-01-01T00:00:00Z">long ago</time>
                </section><i data-field="/name">iris</i>""".formatted(model);
        guarded(content);
        List<Marked> marked = Marked.on(visit.page());
        assertThat(marked).hasSize(7);
        assertThat(Marked.differences(marked, exhibit.client()))
                .satisfiesExactly(
                        line -> assertThat(line).contains("lily", "iris"),
                        line -> assertThat(line).contains("16", "17"),
                        line -> assertThat(line).contains("/none"),
                        line -> assertThat(line).contains("2001-01-01"),
                        line -> assertThat(line).contains("no element whose data-source"));
    }
}
