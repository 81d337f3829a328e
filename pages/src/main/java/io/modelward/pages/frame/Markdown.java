package io.modelward.pages.frame;

import gg.jte.Content;
import java.util.List;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.HtmlRenderer;
import org.owasp.html.HtmlPolicyBuilder;
import org.owasp.html.PolicyFactory;

/**
 * Text of users as HTML: Markdown with tables. HTML within the text stays text, and what the renderer makes passes a
 * list of elements that may stand in a page: no picture, no form, no style, and links to http, https and mailto alone.
 */
public final class Markdown {

    /** Longer texts are shown as they are: a parser's time must not grow with what a caller sends. */
    private static final int LONGEST = 100_000;

    private static final Parser PARSER =
            Parser.builder().extensions(List.of(TablesExtension.create())).build();
    private static final HtmlRenderer RENDERER = HtmlRenderer.builder()
            .extensions(List.of(TablesExtension.create()))
            .escapeHtml(true)
            .sanitizeUrls(true)
            .build();
    private static final PolicyFactory POLICY = new HtmlPolicyBuilder()
            .allowElements(
                    "p",
                    "br",
                    "hr",
                    "strong",
                    "em",
                    "code",
                    "pre",
                    "blockquote",
                    "ul",
                    "ol",
                    "li",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td",
                    "h3",
                    "h4",
                    "h5",
                    "h6",
                    "a")
            .allowElements((element, attributes) -> element.equals("h1") ? "h3" : "h4", "h1", "h2")
            .allowUrlProtocols("http", "https", "mailto")
            .allowAttributes("href")
            .onElements("a")
            .requireRelsOnLinks("nofollow", "noopener", "noreferrer")
            .toFactory();

    private Markdown() {}

    /** The text as content of a template, which needs no escaping any more. */
    public static Content of(String text) {
        if (text.length() > LONGEST) {
            return out -> out.writeUserContent(text);
        }
        String html = POLICY.sanitize(RENDERER.render(PARSER.parse(text)));
        return out -> out.writeContent(html);
    }
}
