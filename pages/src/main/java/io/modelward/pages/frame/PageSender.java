package io.modelward.pages.frame;

import gg.jte.ContentType;
import gg.jte.TemplateEngine;
import gg.jte.output.StringOutput;
import io.modelward.core.access.Access;
import io.modelward.core.access.Action;
import io.modelward.core.access.Resource;
import io.modelward.server.http.Exchange;
import io.modelward.server.http.Reply;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes pages of templates. A template is named by its path below {@code src/main/jte} without the ending; its
 * parameters are {@code frame} and {@code view}.
 */
public final class PageSender {

    private final TemplateEngine templates = TemplateEngine.createPrecompiled(
            null, ContentType.Html, PageSender.class.getClassLoader(), "io.modelward.pages.template");
    private final Access access;
    private final Assets assets;
    private final InstantSource clock;
    private final String release;

    public PageSender(Access access, Assets assets, InstantSource clock, String release) {
        this.access = access;
        this.assets = assets;
        this.clock = clock;
        this.release = release;
    }

    /** A page. */
    public Reply page(Exchange exchange, Section section, String title, String template, Object view) {
        return page(exchange, 200, section, title, template, view);
    }

    /** A page with another status, such as a form with what is wrong with its fields. */
    public Reply page(Exchange exchange, int status, Section section, String title, String template, Object view) {
        StringOutput out = new StringOutput(16 << 10);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("frame", frame(exchange, section, title));
        parameters.put("view", view);
        templates.render(template + ".jte", parameters, out);
        return Reply.html(status, out.toString())
                // What is seen depends on who looks, and a page that is left open in a shared cache tells others.
                .with("Cache-Control", "no-store")
                // Under no-referrer a browser says of its own form that it comes from nowhere: Origin: null.
                .with("Referrer-Policy", "same-origin");
    }

    /** A part of a page, which live pages replace. */
    public String part(String template, Object view) {
        StringOutput out = new StringOutput(4 << 10);
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("now", clock.instant());
        parameters.put("view", view);
        templates.render(template + ".jte", parameters, out);
        return out.toString();
    }

    private Frame frame(Exchange exchange, Section section, String title) {
        // Also for the page of a problem, which may be sent where nobody is known to ask.
        return exchange.callAsCaller(() -> framed(exchange, section, title));
    }

    private Frame framed(Exchange exchange, Section section, String title) {
        return new Frame(
                title,
                section,
                Arrays.stream(Section.values()).filter(one -> one.isFor(access)).toList(),
                access.allows(Action.ADMINISTER, Resource.WEBHOOKS),
                exchange.principal().proven() ? Optional.of(exchange.principal().name()) : Optional.empty(),
                !access.off(),
                exchange.address(),
                clock.instant(),
                assets,
                release);
    }
}
