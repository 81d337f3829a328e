package io.modelward.pages.frame;

import static org.assertj.core.api.Assertions.assertThat;

import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import org.junit.jupiter.api.Test;

class MarkdownTest {

    private static String html(String text) {
        StringOutput out = new StringOutput();
        Markdown.of(text).writeTo(new OwaspHtmlTemplateOutput(out));
        return out.toString();
    }

    @Test
    void tables_lists_and_emphasis_are_drawn() {
        assertThat(html("**bold**\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n- one\n- two"))
                .contains("<strong>bold</strong>", "<table>", "<th>a</th>", "<td>2</td>", "<li>one</li>");
    }

    @Test
    void headings_lie_below_those_of_the_page() {
        assertThat(html("# Big\n\n## Less"))
                .contains("<h3>Big</h3>", "<h4>Less</h4>")
                .doesNotContain("<h1", "<h2");
    }

    @Test
    void nothing_of_a_text_can_run_or_be_loaded() {
        String html = html("""
                <script>alert(1)</script> <svg onload=alert(1)> <img src=x onerror=alert(1)>

                [a](javascript:alert(1)) [b](data:text/html,x) [c](//other.example/) ![picture](http://other.example/x.png)

                [d](http://good.example/ "title") <b style="color:red" onclick="x()">b</b> <iframe src="x"></iframe>
                """);
        assertThat(html)
                .doesNotContain("<script", "<svg", "<img", "<iframe", "javascript:", "data:text", "<b ", "style=\"")
                .contains("http://good.example/", "rel=\"", "&lt;script&gt;");
    }

    @Test
    void text_that_would_take_long_to_parse_is_shown_as_it_is() {
        assertThat(html("<b>" + "*".repeat(100_001))).startsWith("&lt;b&gt;**");
        long from = System.nanoTime();
        html("[".repeat(50_000));
        html("**a ".repeat(20_000));
        html("> ".repeat(40_000));
        assertThat(System.nanoTime() - from).isLessThan(20_000_000_000L);
    }
}
