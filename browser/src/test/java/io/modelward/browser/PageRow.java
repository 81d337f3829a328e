package io.modelward.browser;

import java.util.Optional;
import java.util.function.Function;

/**
 * A page of the server.
 *
 * @param name the name of the page in the names of tests and of screenshots
 * @param template the route that answers the page
 * @param where the address of the page in an exhibit
 * @param title the title of the page in an exhibit, without the name of the product
 * @param status the status that the page is answered with
 * @param live whether the page changes by itself while it is open
 * @param unmarked why no value on the page says which value of the API it is; empty: values say so
 */
record PageRow(
        String name,
        String template,
        Function<Exhibit, String> where,
        Function<Exhibit, String> title,
        int status,
        boolean live,
        Optional<String> unmarked) {

    /** A page that always has the same address and title. */
    static PageRow of(String name, String template, String title) {
        return of(name, template, exhibit -> template, exhibit -> title);
    }

    static PageRow of(String name, String template, Function<Exhibit, String> where, Function<Exhibit, String> title) {
        return new PageRow(name, template, where, title, 200, false, Optional.empty());
    }

    PageRow changing() {
        return new PageRow(name, template, where, title, status, true, unmarked);
    }

    PageRow answering(int another) {
        return new PageRow(name, template, where, title, another, live, unmarked);
    }

    PageRow markingNothing(String why) {
        return new PageRow(name, template, where, title, status, live, Optional.of(why));
    }

    String address(Exhibit exhibit) {
        return where.apply(exhibit);
    }

    @Override
    public String toString() {
        return name;
    }
}
