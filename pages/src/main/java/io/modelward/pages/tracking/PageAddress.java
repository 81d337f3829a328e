package io.modelward.pages.tracking;

import io.modelward.pages.frame.Words;
import java.util.Collection;

/** An address of a page that grows by the parameters of its query. Empty values are left out. */
public final class PageAddress {

    private final String text;

    public PageAddress(String text) {
        this.text = text;
    }

    public PageAddress with(String name, String value) {
        return value.isEmpty()
                ? this
                : new PageAddress(text + (text.contains("?") ? "&" : "?") + name + "=" + Words.query(value));
    }

    public PageAddress with(String name, Collection<String> values) {
        StringBuilder longer = new StringBuilder(text);
        for (String value : values) {
            longer.append(longer.indexOf("?") < 0 ? '?' : '&')
                    .append(name)
                    .append('=')
                    .append(Words.query(value));
        }
        return new PageAddress(longer.toString());
    }

    @Override
    public String toString() {
        return text;
    }
}
