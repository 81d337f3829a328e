package io.modelward.browser;

import java.util.function.Supplier;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * What all tests of the pages share: one browser and two exhibits, each opened at its first use and closed after the
 * last test, also when tests fail. A test asks for the object as a parameter.
 */
final class Shared implements ParameterResolver {

    private final ExtensionContext.Store store;

    /** For JUnit, which then asks for parameters. */
    Shared() {
        this.store = null;
    }

    private Shared(ExtensionContext context) {
        this.store = context.getRoot().getStore(ExtensionContext.Namespace.create(Shared.class));
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Shared.class;
    }

    @Override
    public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
        return new Shared(context);
    }

    Exhibit plain() {
        return get("plain", () -> Exhibit.plain(files()), Exhibit.class);
    }

    Exhibit hostile() {
        return get("hostile", () -> Exhibit.hostile(files()), Exhibit.class);
    }

    LargeExhibit large() {
        return get("large", () -> new LargeExhibit(LargeExhibit.Sizes.OF_THE_GATE), LargeExhibit.class);
    }

    ExhibitFiles files() {
        return get("files", ExhibitFiles::new, ExhibitFiles.class);
    }

    Chromium chromium() {
        return get("chromium", Chromium::new, Chromium.class);
    }

    Visit visit(Exhibit exhibit, Look look) {
        return visit(exhibit.address(), look);
    }

    /** @param address of the server that is visited */
    Visit visit(String address, Look look) {
        return new Visit(chromium(), address, look);
    }

    private <T> T get(String key, Supplier<T> opened, Class<T> type) {
        return store.computeIfAbsent(key, any -> opened.get(), type);
    }
}
